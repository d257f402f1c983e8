/* Dominance and ratios: the lower convex hull of cost over effect. */
#include "decision/incremental.h"

#include <stdbool.h>

const char *const snw_standing_words[SNW_N_STANDINGS] = {"efficient", "dominated",
                                                         "extendedly_dominated"};
const char *const snw_quadrant_words[SNW_N_QUADRANTS] = {"north_east", "south_east", "south_west",
                                                         "north_west", "on_axis"};

const char *snw_standing_name(enum snw_standing standing)
{
    static const char *const names[] = {"efficient", "dominated", "extendedly dominated"};
    return names[standing];
}

const char *snw_quadrant_name(enum snw_quadrant quadrant)
{
    static const char *const names[] = {
        "north-east: dearer, more effective", "south-east: cheaper, more effective",
        "south-west: cheaper, less effective", "north-west: dearer, less effective",
        "on an axis: no difference in cost or effect"};
    return names[quadrant];
}

enum snw_quadrant snw_quadrant_of(double cost, double effect)
{
    if (cost == 0 || effect == 0)
        return SNW_ON_AXIS;
    if (effect > 0)
        return cost > 0 ? SNW_NORTH_EAST : SNW_SOUTH_EAST;
    return cost > 0 ? SNW_NORTH_WEST : SNW_SOUTH_WEST;
}

double snw_icer(double cost, double effect)
{
    enum snw_quadrant quadrant = snw_quadrant_of(cost, effect);
    bool means = quadrant == SNW_NORTH_EAST || quadrant == SNW_SOUTH_WEST;
    return means ? cost / effect : __builtin_nan("");
}

/* By cost, then the more effective first, then as they are listed. Few: by insertion. */
static void order(size_t n, const double *cost, const double *effect, struct snw_option *options)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        for (; at > 0; at--) {
            size_t before = options[at - 1].strategy;
            if (cost[before] < cost[i] || (cost[before] == cost[i] && effect[before] >= effect[i]))
                break;
            options[at] = options[at - 1];
        }
        options[at] = (struct snw_option){
            .strategy = i, .standing = SNW_EFFICIENT, .versus = i, .icer = __builtin_nan("")};
    }
}

/* The efficient option before or after `at`, n where there is none. */
static size_t before(const struct snw_option *options, size_t n, size_t at)
{
    while (at > 0)
        if (options[--at].standing == SNW_EFFICIENT)
            return at;
    return n;
}

static size_t after(const struct snw_option *options, size_t n, size_t at)
{
    while (++at < n && options[at].standing != SNW_EFFICIENT)
        ;
    return at;
}

/* @return whether one was found: its ratio is above that of the next. */
static bool drop_one(size_t n, const double *cost, const double *effect, struct snw_option *options)
{
    for (size_t i = 0; i < n; i++) {
        size_t low = before(options, n, i), high = after(options, n, i);
        if (options[i].standing != SNW_EFFICIENT || low == n || high == n)
            continue;
        size_t a = options[low].strategy, b = options[i].strategy, c = options[high].strategy;
        if ((cost[b] - cost[a]) * (effect[c] - effect[b]) >
            (cost[c] - cost[b]) * (effect[b] - effect[a])) {
            options[i].standing = SNW_EXTENDEDLY_DOMINATED;
            return true;
        }
    }
    return false;
}

void snw_incremental(size_t n, const double *cost, const double *effect, struct snw_option *options)
{
    order(n, cost, effect, options);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            if (effect[options[k].strategy] >= effect[options[i].strategy])
                options[i].standing = SNW_DOMINATED;
    while (drop_one(n, cost, effect, options))
        ;
    for (size_t i = 0; i < n; i++) {
        struct snw_option *o = &options[i];
        size_t low = before(options, n, i);
        if (o->standing != SNW_EFFICIENT || low == n)
            continue;
        o->versus = options[low].strategy;
        o->cost = cost[o->strategy] - cost[o->versus];
        o->effect = effect[o->strategy] - effect[o->versus];
        o->icer = o->cost / o->effect;
    }
}
