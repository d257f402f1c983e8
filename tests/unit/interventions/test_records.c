/* Interventions in a config: what is read, written back, found by name, and refused where it
 * stands. */
#include "support/config_text.h"

#include <stdio.h>
#include <string.h>

#define HEAD                                                                                       \
    "interventions:\n"                                                                             \
    "  - name: walks\n"                                                                            \
    "    title: Walks\n"

static const char good[] = HEAD
    "    who: age >= 65 and not on_treatment\n"
    "    uptake: {value: 0.25, low: 0.1, high: 0.5, source: \"assumption: a quarter comes\"}\n"
    "    offer_every_yr: 1\n"
    "    persistence: {scale_yr: 2, shape: 0.5, source: \"assumption: few stay\"}\n"
    "    cost: {usd_per_yr: 100, price_year: 2012, source: carande2015}\n"
    "    effects:\n"
    "      fall_rate_ratio: {value: 0.8, source: sherrington2019, offset: linear, offset_yr: 2}\n"
    "scenarios:\n"
    "  - name: reference\n"
    "  - {name: programme, interventions: [walks]}\n";

static void a_record_is_read_whole(void **state)
{
    (void)state;
    assert_int_equal(parse(good), SNW_OK);
    assert_int_equal(settings.interventions.n, 1);
    const struct snw_intervention *t = settings.interventions.list;
    const struct snw_effect *falls = &t->effect[SNW_CHANNEL_fall_rate_ratio];
    assert_string_equal(t->name, "walks");
    assert_true(t->uptake.value == 0.25 && t->uptake.low == 0.1 && t->uptake.high == 0.5);
    assert_true(t->persistence.scale_yr == 2 && t->persistence.shape == 0.5);
    assert_true(t->duration_yr == SNW_EVER_YR && t->offer_every_yr == 1);
    assert_true(t->cost.usd_per_yr == 100 && t->cost.usd_at_start == 0 &&
                t->cost.price_year == 2012);
    assert_true(falls->given && falls->figure.value == 0.8 && falls->figure.low == 0.8);
    assert_true(falls->offset == SNW_OFFSET_LINEAR && falls->offset_yr == 2);
    assert_false(t->effect[SNW_CHANNEL_death_ratio].given);
    assert_int_equal(settings.scenarios.list[0].n_interventions, 0);
    assert_int_equal(settings.scenarios.list[1].n_interventions, 1);
    assert_int_equal(settings.scenarios.list[1].intervention[0], 0);
    snw_settings_free(&settings);
}

static const char everything[] = HEAD
    "    who: age >= 65 and not on_treatment\n"
    "    contraindicated: history.nursing_home\n"
    "    uptake: {value: 0.25, source: x, odds_women: 2, odds_per_decade: 0.5,\n"
    "             odds_after_fracture: 1.5}\n"
    "    restart: {value: 0.46, low: 0.4, high: 0.5, after_yr: 1, source: x}\n"
    "    duration_yr: 9\n"
    "    persistence: {at_yr: [0.5, 1.5], still_on: [0.6, 0.3], source: x}\n"
    "    cost: {usd_per_yr: 100, price_year: 2012, source: x}\n"
    "    monitoring: {usd_at_start: 20, price_year: 2019, source: x}\n"
    "    adverse_events:\n"
    "      - {name: a fall, per_yr: 0.1, qaly_lost: 0.02, usd: 50, price_year: 2019, source: x}\n"
    "      - {name: blisters, at_start: 0.5, p_death: 0.001, source: x}\n"
    "    effects:\n"
    "      bvtv_radius_ratio: {value: 1.05, source: x, half_life_yr: 1, kept_by_next: true}\n"
    "      hip_fracture_ratio: {value: 0.8, source: x, half_life_yr: 1, trial_yr: 3, rebound: "
    "1.2,\n"
    "                           rebound_yr: 1}\n"
    "  - name: runs\n"
    "    title: Runs\n"
    "    who: age >= 65\n"
    "    uptake: {value: 1, source: x}\n"
    "    duration_yr: 1\n"
    "    followed_by: {name: walks, value: 0.5, source: x}\n";

static void what_more_it_says_is_read_too(void **state)
{
    (void)state;
    assert_int_equal(parse(everything), SNW_OK);
    const struct snw_intervention *t = settings.interventions.list;
    assert_true(t->odds.women == 2 && t->odds.per_decade == 0.5 && t->odds.after_fracture == 1.5);
    assert_true(t->restart.given && t->restart.chance.value == 0.46 && t->restart.after_yr == 1);
    assert_true(t->persistence.n_knots == 2 && t->persistence.at_yr[1] == 1.5);
    assert_true(t->persistence.still_on[1] == 0.3);
    assert_true(t->monitoring.usd_at_start == 20 && t->monitoring.price_year == 2019);
    assert_int_equal(t->n_adverse, 2);
    assert_true(t->adverse[0].usd == 50 && t->adverse[1].at_start == 0.5);
    assert_true(t->adverse[1].p_death == 0.001 && t->adverse[1].price_year == 0);
    assert_true(t->effect[SNW_CHANNEL_bvtv_radius_ratio].kept);
    assert_true(t->effect[SNW_CHANNEL_hip_fracture_ratio].trial_yr == 3);
    assert_int_equal(t->eligible.n, 9); /* age 65 >= on_treatment not and, home not and */
    assert_string_equal(t[1].next.name, "walks");
    snw_settings_free(&settings);
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    assert_reads_back(good);
    assert_reads_back(everything);
}

/* One line of the good record in another form. */
static void refused(const char *line, const char *by, const char *message)
{
    assert_refused(good, line, by, message);
}

static void what_is_wrong_is_refused_where_it_stands(void **state)
{
    (void)state;
    const char *who = "who: age >= 65 and not on_treatment";
    const char *uptake =
        "value: 0.25, low: 0.1, high: 0.5, source: \"assumption: a quarter comes\"";
    const char *falls = "fall_rate_ratio: {value: 0.8, source: sherrington2019,";
    refused(who, "who: female and agee > 65",
            "x.yaml:4:21: walks.who: unknown name agee; the nearest is age");
    refused(who, "who: \"female and agee > 65\"", "x.yaml:4:22: walks.who: unknown name agee");
    refused(who, "who: measured.t_score_femoral_nek <= -2.5",
            "x.yaml:4:10: walks.who: unknown name measured.t_score_femoral_nek; the nearest is "
            "measured.t_score_femoral_neck");
    refused(who, "who: age >= 65 and 3", "x.yaml:4:24: walks.who: a number is neither true nor");
    refused(who, "who: true.sarcopenic", "x.yaml:4:10: walks.who: asks for `true.*`");
    refused(who, "whom: female", "x.yaml:4:5: unknown key walks.whom; the nearest is who");
    refused(uptake, "value: 1.25, source: x", "walks.uptake.value = 1.25 is above 1");
    refused(uptake, "value: 0.25", "walks.uptake: has no `source`");
    refused(uptake, "value: 0.25, low: 0.3, source: x", "walks.uptake: value = 0.25 is not within");
    refused("price_year: 2012, ", "", "x.yaml:8:5: walks.cost: has no `price_year`");
    refused("value: 0.8", "value: 80",
            "x.yaml:10:32: walks.effects.fall_rate_ratio.value = 80 is above 5");
    refused("offset: linear, offset_yr: 2", "offset: linear", "offset = linear: needs `offset_yr`");
    refused("offset: linear,", "half_life_yr: 1, offset: linear,",
            "x.yaml:10:7: walks.effects.fall_rate_ratio: a trial's ratio is the mean over its "
            "years, not what is reached at last: half_life_yr needs them, trial_yr");
    refused(falls, "strength_ratio: {value: 1.1, trial_yr: 1, source: sherrington2019,",
            "walks.effects.strength_ratio.trial_yr: has no meaning but for a ratio of a rate");
    refused("offset: linear,", "offset: soon,", "offset = soon: expected at_once, never, linear");
    refused("fall_rate_ratio", "fall_rate_ration",
            "x.yaml:10:7: unknown key walks.effects.fall_rate_ration; the nearest is "
            "fall_rate_ratio");
    refused(falls,
            "strength_ratio: {value: 1.1, source: x}\n"
            "      fall_rate_ratio: {value: 0.8, source: sherrington2019,",
            "x.yaml:11:7: walks.effects.fall_rate_ratio: counts one effect twice");
    refused(falls,
            "hip_fracture_ratio: {value: 0.7, source: x}\n"
            "      fall_rate_ratio: {value: 0.8, source: sherrington2019,",
            "x.yaml:10:7: walks.effects.hip_fracture_ratio: counts one effect twice");
    refused(falls, "muscle_loss_spared: {value: 0.8, source: sherrington2019,",
            "walks.effects.muscle_loss_spared.offset: has no meaning but for a ratio");
    refused("[walks]", "[walk]",
            "x.yaml:13:39: scenarios.interventions = walk: neither under `interventions:` nor a "
            "file interventions/walk.yaml beside the config or in configs/; the nearest is walks");
    refused("[walks]", "[walks, walks]", "scenarios.interventions: walks is there twice");
    refused("  - name: reference\n", "  - {name: reference, interventions: [walks]}\n",
            "the reference: current care, without interventions");
}

/* The lines of the good record that say who, how long and what, in other forms. */
static void what_more_a_record_says_is_refused_where_it_stands(void **state)
{
    (void)state;
    const char *every = "    offer_every_yr: 1\n", *falls = "fall_rate_ratio: {value: 0.8,";
    const char *stay = "persistence: {scale_yr: 2, shape: 0.5,";
    refused(every, "    contraindicated: measured.bmi_kg_m < 18\n",
            "x.yaml:6:22: walks.contraindicated: unknown name measured.bmi_kg_m; the nearest is "
            "measured.bmi_kg_m2");
    refused(every, "    contraindicated: true.sarcopenic\n", "walks.who: asks for `true.*`");
    refused(every, "    restart: {value: 0.5, name: walks, source: x}\n",
            "x.yaml:6:27: walks.restart.name: it is the same that is begun anew");
    refused(every, "    restart: perhaps\n", "walks.restart = perhaps: expected true or false");
    refused(every, "    adverse_events: [{name: blisters, qaly_lost: 0.01, source: x}]\n",
            "x.yaml:6:22: walks.adverse_events: how often: per_yr or at_start above 0");
    refused(every, "    adverse_events: [{name: blisters, per_yr: 1, usd: 5, source: x}]\n",
            "walks.adverse_events: has no `price_year`");
    refused(every, "    adverse_events: [{name: blisters, per_yr: 1, usd: 5, price_year: 2019}]\n",
            "walks.adverse_events: has no `source`");
    refused(every, "    monitoring: {usd_per_y: 5, price_year: 2019, source: x}\n",
            "unknown key walks.monitoring.usd_per_y; the nearest is usd_per_yr");
    refused("uptake: {", "uptake: {odds_woman: 2, ",
            "unknown key walks.uptake.odds_woman; the nearest is odds_women");
    refused(stay, "persistence: {at_yr: [1, 2], still_on: [0.5],",
            "x.yaml:7:5: walks.persistence: 2 times in at_yr, 1 shares in still_on");
    refused(stay, "persistence: {at_yr: [1, 2], still_on: [0.5, 0.6],",
            "at_yr must rise, and still_on not: 0.6 at 2 years");
    refused(stay, "persistence: {at_yr: [1, 2], still_on: [0.5, 40],",
            "walks.persistence.still_on = 40 is above 1");
    refused(stay, "persistence: {at_yr: 1, still_on: [0.5],", "a list of up to 8 numbers");
    refused(
        falls,
        "abmd_femoral_neck_ratio: {value: 1.1, source: x}\n"
        "      ctth_femoral_neck_ratio: {value: 1.1,",
        "x.yaml:11:7: walks.effects.ctth_femoral_neck_ratio: counts one effect twice: the areal "
        "density of the site already holds it");
    refused(falls, "activity_change: {value: 1, source: x}\n      strength_ratio: {value: 1.1,",
            "walks.effects.strength_ratio: counts one effect twice: a gain of strength holds what "
            "activity does to it");
    refused(falls, "hip_fracture_ratio: {value: 0.6, source: x}\n      death_ratio: {value: 0.8,",
            "walks.effects.death_ratio: counts one effect twice: a trial's ratio of deaths");
    refused(falls,
            "strength_ratio: {value: 1.1, source: x}\n      hip_fracture_ratio: {value: 0.8,",
            "walks.effects.hip_fracture_ratio: counts one effect twice");
    refused(falls, "activity_change: {value: 8,",
            "walks.effects.activity_change.value = 8 is above 3");
}

static void a_sequence_without_a_way_on_is_refused(void **state)
{
    (void)state;
    const char *every = "    offer_every_yr: 1\n";
    const char *stay =
        "    persistence: {scale_yr: 2, shape: 0.5, source: \"assumption: few stay\"}\n";
    const char *follow = "    followed_by: {name: alendronate, value: 0.9, source: x}\n";
    char text[200];
    refused(stay, follow,
            "x.yaml:7:5: walks.followed_by: a dead end: nobody ever stops walks, which has neither "
            "duration_yr nor persistence");
    refused(every, "    followed_by: {name: alendronate, value: 0, source: x}\n",
            "walks.followed_by: a dead end: nobody goes on, value = 0");
    refused(every, "    followed_by: {name: runs, value: 1, source: x}\n",
            "x.yaml:6:25: walks.followed_by.name = runs: neither under `interventions:` nor a file "
            "interventions/runs.yaml");
    refused(every, "    followed_by: {value: 1, source: x}\n", "walks.followed_by: has no `name`");
    refused(every, "    followed_by: {name: walks, value: 1, source: x}\n",
            "x.yaml:6:5: walks.followed_by: the sequence comes back to where it began");
    snprintf(text, sizeof text, "%s    restart: {value: 0.5, source: x}\n", follow);
    refused(every, text, "walks.restart: beside followed_by");
}

static const char sequence[] =
    "interventions:\n"
    "  - {name: builder, title: B, who: age >= 70, uptake: {value: 1, source: x}, duration_yr: 1,\n"
    "     followed_by: {name: keeper, value: 0.9, source: x}}\n"
    "  - {name: keeper, title: K, who: everyone, uptake: {value: 1, source: x}, duration_yr: 1,\n"
    "     followed_by: {name: builder, value: 0.9, source: x}}\n";

static void a_sequence_that_comes_back_is_refused(void **state)
{
    (void)state;
    assert_int_equal(parse(sequence), SNW_ERR_CONFIG);
    const char *said = what_was_said();
    assert_non_null(strstr(said, "x.yaml:3:6: builder.followed_by: the sequence comes back"));
    assert_non_null(strstr(said, "x.yaml:5:6: keeper.followed_by: the sequence comes back"));
}

/* What follows is read with what it follows on, and need not be listed. */
static void what_follows_is_found_in_a_file(void **state)
{
    (void)state;
    static const char text[] =
        "interventions:\n"
        "  - {name: builder, title: B, who: age >= 70, uptake: {value: 1, source: x},\n"
        "     duration_yr: 1, followed_by: {name: alendronate, value: 0.9, source: x}}\n";
    assert_int_equal(parse(text), SNW_OK);
    assert_int_equal(settings.interventions.n, 2);
    assert_string_equal(settings.interventions.list[1].name, "alendronate");
    snw_settings_free(&settings);
}

static void a_record_is_found_in_a_file_by_its_name(void **state)
{
    (void)state;
    assert_int_equal(parse("scenarios:\n  - name: now\n  - name: drug\n"
                           "    interventions: [alendronate]\n"),
                     SNW_OK);
    assert_int_equal(settings.interventions.n, 1);
    assert_string_equal(settings.interventions.list[0].name, "alendronate");
    snw_settings_free(&settings);
}

/* 201 records, care0 to care200, whose luck differs: the last is one too many, which is all. */
static void more_than_there_is_room_for_are_refused_once(void **state)
{
    (void)state;
    static char text[40000];
    size_t at = (size_t)snprintf(text, sizeof text, "interventions:\n");
    for (int i = 0; i <= 200; i++)
        at += (size_t)snprintf(text + at, sizeof text - at,
                               "  - {name: care%d, title: T, who: age >= 65, uptake: {value: 1, "
                               "source: x}}\n",
                               i);
    assert_int_equal(parse(text), SNW_ERR_CONFIG);
    assert_string_equal(ctx.messages[0], "x.yaml:202:5: more than 200 interventions");
    assert_int_equal(ctx.n_errors, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_read_whole),
        cmocka_unit_test(what_more_it_says_is_read_too),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(what_is_wrong_is_refused_where_it_stands),
        cmocka_unit_test(what_more_a_record_says_is_refused_where_it_stands),
        cmocka_unit_test(a_sequence_without_a_way_on_is_refused),
        cmocka_unit_test(a_sequence_that_comes_back_is_refused),
        cmocka_unit_test(what_follows_is_found_in_a_file),
        cmocka_unit_test(a_record_is_found_in_a_file_by_its_name),
        cmocka_unit_test(more_than_there_is_room_for_are_refused_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
