/* Own grammar of numbers: strtod alone takes `nan`, hexadecimal and trailing rubbish. */
#include "config/scalar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The parts of a number's text. */
struct number {
    bool negative;
    const char *whole, *fraction; /* runs of digits */
    size_t n_whole, n_fraction;
    long exponent; /* held within +-100000 */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits(const char **at)
{
    const char *start = *at;
    while (is_digit(**at))
        ++*at;
    return (size_t)(*at - start);
}

static bool split(const char *text, struct number *n)
{
    const char *at = text;
    *n = (struct number){.negative = *at == '-'};
    if (*at == '-' || *at == '+')
        at++;
    n->whole = at;
    n->n_whole = digits(&at);
    if (*at == '.') {
        n->fraction = ++at;
        n->n_fraction = digits(&at);
    }
    if (n->n_whole + n->n_fraction == 0 || (n->n_whole > 1 && n->whole[0] == '0'))
        return false;
    if (*at == 'e' || *at == 'E') {
        bool minus = *++at == '-';
        if (*at == '-' || *at == '+')
            at++;
        if (!is_digit(*at))
            return false;
        for (; is_digit(*at); at++)
            n->exponent = n->exponent < 100000 ? 10 * n->exponent + (*at - '0') : n->exponent;
        n->exponent = minus ? -n->exponent : n->exponent;
    }
    return *at == '\0';
}

enum snw_number snw_read_real(const char *text, double *value)
{
    struct number n;
    if (!split(text, &n))
        return SNW_NUMBER_NOT;
    double x = strtod(text, NULL);
    if (!isfinite(x))
        return SNW_NUMBER_RANGE;
    *value = x;
    return SNW_NUMBER_OK;
}

/* Digit i of whole and fraction taken together. */
static int digit_at(const struct number *n, size_t i)
{
    return (i < n->n_whole ? n->whole[i] : n->fraction[i - n->n_whole]) - '0';
}

enum snw_number snw_read_integer(const char *text, int64_t *value)
{
    struct number n;
    if (!split(text, &n))
        return SNW_NUMBER_NOT;
    size_t length = n.n_whole + n.n_fraction, first = 0;
    while (length > 0 && digit_at(&n, length - 1) == 0)
        length--;
    while (first < length && digit_at(&n, first) == 0)
        first++;
    if (first == length) {
        *value = 0;
        return SNW_NUMBER_OK;
    }
    /* the last digit that is not 0 stands for 10^zeros */
    long zeros = n.exponent + (long)n.n_whole - (long)length;
    if (zeros < 0)
        return SNW_NUMBER_NOT;
    uint64_t sum = 0;
    for (size_t i = first; i < length + (size_t)zeros; i++) {
        uint64_t digit = i < length ? (uint64_t)digit_at(&n, i) : 0;
        if (sum > (INT64_MAX - digit) / 10)
            return SNW_NUMBER_RANGE;
        sum = 10 * sum + digit;
    }
    *value = n.negative ? -(int64_t)sum : (int64_t)sum;
    return SNW_NUMBER_OK;
}

size_t snw_read_reals(const char *text, double *values, size_t most)
{
    for (size_t n = 0; n < most; n++) {
        char one[64];
        text += strspn(text, " ");
        size_t length = strcspn(text, ", ");
        if (length >= sizeof one)
            return 0;
        memcpy(one, text, length);
        one[length] = '\0';
        if (snw_read_real(one, &values[n]) != SNW_NUMBER_OK)
            return 0;
        text += length + strspn(text + length, " ");
        if (*text == '\0')
            return n + 1;
        if (*text++ != ',')
            return 0;
    }
    return 0;
}

bool snw_read_switch(const char *text, bool *value)
{
    *value = strcmp(text, "true") == 0;
    return *value || strcmp(text, "false") == 0;
}

bool snw_is_name(const char *text)
{
    size_t n = 0;
    for (; text[n]; n++) {
        char c = text[n];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (n == 0 || !(is_digit(c) || c == '_' || c == '-')))
            return false;
    }
    return n > 0 && n <= 64;
}

int snw_word_index(const char *words, const char *text)
{
    size_t length = strlen(text);
    if (length == 0 || strchr(text, '|'))
        return -1;
    int index = 0;
    for (const char *word = words; *word; index++) {
        size_t n = strcspn(word, "|");
        if (n == length && memcmp(word, text, n) == 0)
            return index;
        word += n + (word[n] == '|');
    }
    return -1;
}

void snw_word_at(const char *words, int index, char *word, size_t size)
{
    size_t n = 0;
    for (; index > 0 && *words; index--) {
        words += strcspn(words, "|");
        words += *words == '|';
    }
    for (; words[n] && words[n] != '|' && n + 1 < size; n++)
        word[n] = words[n];
    word[n] = '\0';
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t snw_edit_distance(const char *a, const char *b)
{
    size_t rows[3][SNW_WORD_MAX];
    size_t *older = rows[0], *old = rows[1], *now = rows[2];
    size_t n_a = least(strlen(a), SNW_WORD_MAX - 1), n_b = least(strlen(b), SNW_WORD_MAX - 1);
    for (size_t j = 0; j <= n_b; j++)
        old[j] = older[j] = j;
    for (size_t i = 1; i <= n_a; i++) {
        now[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            now[j] = least(old[j - 1] + (a[i - 1] != b[j - 1]), least(old[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], older[j - 2] + 1);
        }
        size_t *spare = older;
        older = old;
        old = now;
        now = spare;
    }
    return old[n_b];
}

void snw_nearest_init(struct snw_nearest *nearest, const char *word)
{
    *nearest = (struct snw_nearest){.word = word, .distance = SIZE_MAX};
}

void snw_nearest_try(struct snw_nearest *nearest, const char *known)
{
    size_t distance = snw_edit_distance(nearest->word, known);
    if (distance >= nearest->distance)
        return;
    nearest->distance = distance;
    size_t n = least(strlen(known), SNW_WORD_MAX - 1);
    memcpy(nearest->best, known, n);
    nearest->best[n] = '\0';
}

const char *snw_nearest_best(const struct snw_nearest *nearest)
{
    size_t third = strlen(nearest->word) / 3;
    return nearest->distance <= (third > 2 ? third : 2) ? nearest->best : NULL;
}
