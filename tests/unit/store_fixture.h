/* A fresh folder for each test of the store, and what is asked again and again. */
#ifndef SNW_TESTS_STORE_FIXTURE_H
#define SNW_TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/context.h"

extern struct snw_ctx ctx; /* emptied before each test */
extern char path[128];     /* of a result in the fresh folder */

int fresh_folder(void **state);
int remove_folder(void **state);

/* @return whether path + suffix is a file. */
bool there_is(const char *suffix);

/* @return whether the last message has these words. */
bool message_has(const char *words);

/* Prints the messages and fails unless status is SNW_OK. */
void assert_ok(snw_status status);

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, fresh_folder, remove_folder)

#endif
