/* A config as a text, x.yaml: read, written back, refused; includes what cmocka wants before it. */
#ifndef SNW_TESTS_SUPPORT_CONFIG_TEXT_H
#define SNW_TESTS_SUPPORT_CONFIG_TEXT_H

#include "support/near.h"

#include "config/settings.h"

extern struct snw_ctx ctx;           /* what was said of the last text */
extern struct snw_settings settings; /* what it holds where it is right; the test frees it */

snw_status parse(const char *text);

/* @return all that was said of the last text, good until the next call. */
const char *what_was_said(void);

/* @return a right text as it is written once read; the caller frees it. */
char *written(const char *text);

/* Fails unless what is written of a text reads back to the same. */
void assert_reads_back(const char *text);

/* Fails unless a right text is refused, with these words, where one part of it is another. */
void assert_refused(const char *good, const char *part, const char *by, const char *words);

#endif
