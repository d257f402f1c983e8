/* Words that are read whole: numbers, switches, names, and the nearest known word to a wrong one.
 */
#ifndef SNW_CONFIG_SCALAR_H
#define SNW_CONFIG_SCALAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SNW_WORD_MAX = 128 };

/* How a text failed to be a number. */
enum snw_number { SNW_NUMBER_OK, SNW_NUMBER_NOT, SNW_NUMBER_RANGE };

/* Reads a finite number: digits with at most one point and an exponent, nothing before or after, no
   leading zeros (YAML 1.1 takes them for octal). `1e5` is one, `1.0abc`, `nan`, `inf`, `1_000` and
   `0x10` are none.
   @return SNW_NUMBER_OK; SNW_NUMBER_NOT; SNW_NUMBER_RANGE where a double does not hold it. */
enum snw_number snw_read_real(const char *text, double *value);

/* The same for a whole number: `1e5` is 100000, `2.50e1` is 25, `1.5` and `1e-3` are none.
   @return SNW_NUMBER_RANGE where 64 bits do not hold it. */
enum snw_number snw_read_integer(const char *text, int64_t *value);

/* Reads numbers between commas, blanks allowed beside them.
   @param[out] values  (most,)
   @return how many; 0 where one is none or there are more than `most`. */
size_t snw_read_reals(const char *text, double *values, size_t most);

/* @return whether the text is `true` or `false`, and nothing else (not yes, on, True, 1). */
bool snw_read_switch(const char *text, bool *value);

/* @return whether the text is a name: a letter, then letters, digits, `_` or `-`, 64 at most. */
bool snw_is_name(const char *text);

/* Place of a word in a list `a|b|c`; @return -1 where it is none of them. */
int snw_word_index(const char *words, const char *text);

/* The word at a place in such a list, cut to size; empty where there is none. */
void snw_word_at(const char *words, int index, char *word, size_t size);

/* Search for the nearest of several known words. */
struct snw_nearest {
    const char *word;
    size_t distance;
    char best[SNW_WORD_MAX];
};

void snw_nearest_init(struct snw_nearest *nearest, const char *word);
void snw_nearest_try(struct snw_nearest *nearest, const char *known);

/* @return the nearest word tried, NULL where none is near: at most two edits (insert, delete,
   change, swap of neighbours), or a third of the word's length where that is more. */
const char *snw_nearest_best(const struct snw_nearest *nearest);

/* Edits from one word to the other; words above SNW_WORD_MAX - 1 are cut. */
size_t snw_edit_distance(const char *a, const char *b);

#endif
