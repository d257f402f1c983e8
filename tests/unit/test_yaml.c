/* Strict YAML, numbers read whole, and the nearest known word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "config/scalar.h"
#include "config/yaml.h"

struct refusal {
    const char *text, *message;
};

static struct snw_ctx ctx;
static struct snw_yaml yaml;

static struct snw_node *parse_bytes(const char *text, size_t length)
{
    struct snw_node *root = NULL;
    snw_ctx_init(&ctx);
    snw_yaml_init(&yaml);
    snw_status status = snw_yaml_parse(&ctx, &yaml, "a.yaml", true, text, length, &root);
    assert_int_equal(status, ctx.status);
    return root;
}

static struct snw_node *parse(const char *text)
{
    return parse_bytes(text, strlen(text));
}

static void assert_refused(const struct refusal *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        parse(cases[i].text);
        snw_yaml_free(&yaml);
        assert_string_equal(ctx.messages[0], cases[i].message);
        assert_int_equal(ctx.status, SNW_ERR_CONFIG);
    }
}

static void a_tree_knows_where_its_values_stand(void **state)
{
    (void)state;
    struct snw_node *root = parse("a: 1\nb:\n  - x\n  - {c: 'y'}\n");
    assert_non_null(root);
    struct snw_node *b = snw_node_find(root, "b");
    assert_int_equal(b->kind, SNW_NODE_LIST);
    assert_int_equal(b->n_children, 2);
    struct snw_node *c = snw_node_find(b->last, "c");
    assert_string_equal(c->text, "y");
    assert_true(c->quoted);
    assert_int_equal(c->mark.line, 4);
    assert_int_equal(c->mark.column, 9);
    assert_int_equal(c->key_mark.column, 6);
    assert_string_equal(c->mark.file, "a.yaml");
    snw_yaml_free(&yaml);
}

static void every_fault_of_a_text_is_named(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"", "a.yaml: is empty"},
        {"# only a comment\n", "a.yaml: is empty"},
        {"a: 1\nb: 2\na: 3\n", "a.yaml:3:1: duplicate key a, first at line 1"},
        {"a:\n\tb: 1\n", "a.yaml:2:1: a tab; indent and separate with spaces"},
        {"a: 1\nb: \x01\n", "a.yaml:2:4: a control character"},
        {"a: \xff\n", "a.yaml:1:4: not UTF-8"},
        {"a: \xc0\xaf\n", "a.yaml:1:4: not UTF-8"},
        {"a: \xed\xa0\x80\n", "a.yaml:1:4: not UTF-8"},
        {"a: \xc3", "a.yaml:1:4: not UTF-8"},
        {"a: 1\n---\nb: 2\n", "a.yaml:2:1: a second document; a file holds one"},
        {"a: !!str 1\n", "a.yaml:1:4: tags (!) are not allowed"},
        {"a: !x [1]\n", "a.yaml:1:4: tags (!) are not allowed"},
        {"[a]: 1\n", "a.yaml:1:1: a key must be a word"},
        {"? {a: 1}\n: 2\n", "a.yaml:1:3: a key must be a word"},
        {"'': 1\n", "a.yaml:1:1: a key must be a word"},
        {"&k a: 1\n", "a.yaml:1:1: a key with a tag or an anchor"},
        {"a: &x {b: 1}\nc:\n  <<: *x\n",
         "a.yaml:3:3: merge keys (<<) are not read; use `extends:`"},
        {"a: *x\n", "a.yaml:1:4: alias *x: no such anchor"},
        {"a: &x [*x]\n", "a.yaml:1:8: alias *x: stands inside what it names"},
        {"a: \"\\0\"\n", "a.yaml:1:4: a NUL character in a text"},
        {"a: [1, 2\nb: 3\n", "a.yaml:2:2: not YAML: did not find expected ',' or ']' (while "
                             "parsing a flow sequence begun at line 1)"},
    };
    assert_refused(cases, sizeof cases / sizeof *cases);
}

static void all_duplicate_keys_are_reported_and_the_tree_is_kept(void **state)
{
    (void)state;
    assert_non_null(parse("a: 1\na: 2\nb: {c: 1, c: 2}\n"));
    assert_int_equal(ctx.n_errors, 2);
    assert_string_equal(ctx.messages[1], "a.yaml:3:11: duplicate key c, first at line 3");
    snw_yaml_free(&yaml);
}

static void tabs_in_comments_and_umlauts_in_texts_are_allowed(void **state)
{
    (void)state;
    struct snw_node *root = parse("a: M\xc3\xbcller #\ta tab\n");
    assert_non_null(root);
    assert_string_equal(snw_node_find(root, "a")->text, "M\xc3\xbcller");
    snw_yaml_free(&yaml);
}

static void an_alias_is_a_copy(void **state)
{
    (void)state;
    struct snw_node *root = parse("a: &x {b: [1, 2]}\nc: *x\nd: [*x]\n");
    assert_non_null(root);
    struct snw_node *c = snw_node_find(root, "c");
    assert_string_equal(snw_node_find(c, "b")->last->text, "2");
    assert_ptr_not_equal(c, snw_node_find(root, "a"));
    assert_null(snw_node_find(root, "d")->first->key);
    snw_yaml_free(&yaml);
}

static void nesting_stops_at_thirty_two(void **state)
{
    (void)state;
    char text[128] = "";
    memset(text, '[', 32);
    memset(text + 32, ']', 32);
    assert_non_null(parse(text));
    snw_yaml_free(&yaml);
    memset(text, '[', 33);
    memset(text + 33, ']', 33);
    assert_null(parse(text));
    assert_string_equal(ctx.messages[0], "a.yaml:1:33: nested deeper than 32");
    snw_yaml_free(&yaml);
}

static void a_bomb_of_aliases_is_defused(void **state)
{
    (void)state;
    assert_null(parse("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: &d [*c, *c]\n"
                      "e: &e [*d, *d]\nf: [*e]\n"));
    assert_string_equal(ctx.messages[0], "a.yaml:6:5: aliases within aliases, more than 4 deep");
    snw_yaml_free(&yaml);
}

/* A text of `n` times the same piece. */
static char *repeat(const char *head, const char *piece, int n)
{
    size_t length = strlen(head), step = strlen(piece);
    char *text = malloc(length + step * (size_t)n + 1);
    assert_non_null(text);
    memcpy(text, head, length + 1);
    for (int i = 0; i < n; i++)
        memcpy(text + length + step * (size_t)i, piece, step + 1);
    return text;
}

static void assert_limit(char *text, const char *message)
{
    assert_null(parse(text));
    assert_string_equal(ctx.messages[0], message);
    snw_yaml_free(&yaml);
    free(text);
}

static void aliases_anchors_and_values_are_counted(void **state)
{
    (void)state;
    assert_limit(repeat("a: &x 1\nb:\n", "- *x\n", 101), "a.yaml:103:3: more than 100 aliases");
    assert_limit(repeat("", "- &x 1\n", 101), "a.yaml:101:3: more than 100 anchors");
    assert_limit(repeat("", "- 1\n", 200001),
                 "a.yaml:200000:3: more than 200000 values, copies by aliases counted");
}

static void a_map_holds_at_most_1024_keys(void **state)
{
    (void)state;
    char *text = malloc(20000);
    size_t n = 0;
    assert_non_null(text);
    for (int i = 0; i < 1025; i++)
        n += (size_t)snprintf(text + n, 20000 - n, "k%d: 1\n", i);
    assert_limit(text, "a.yaml:1025:1: more than 1024 keys in a map");
}

static void a_fault_without_a_place_names_the_override(void **state)
{
    (void)state;
    struct snw_node *root = NULL;
    snw_ctx_init(&ctx);
    snw_yaml_init(&yaml);
    assert_int_equal(snw_yaml_parse(&ctx, &yaml, "--set a", false, "{b: 1, b: 2}", 12, &root),
                     SNW_ERR_CONFIG);
    assert_string_equal(ctx.messages[0], "--set a: duplicate key b");
    snw_yaml_free(&yaml);
}

static void messages_show_no_control_characters(void **state)
{
    (void)state;
    struct snw_mark mark = {.file = "a.yaml", .line = 1, .column = 2};
    snw_ctx_init(&ctx);
    assert_int_equal(snw_fail_at(&ctx, mark, "x = \x1b[31m"), SNW_ERR_CONFIG);
    assert_string_equal(ctx.messages[0], "a.yaml:1:2: x = ?[31m");
}

static void a_long_path_keeps_its_tail(void **state)
{
    (void)state;
    char *path = repeat("", "0123456789", 40), tail[400];
    struct snw_mark mark = {.file = path, .line = 1, .column = 2};
    snw_ctx_init(&ctx);
    assert_int_equal(snw_fail_at(&ctx, mark, "wrong"), SNW_ERR_CONFIG);
    snprintf(tail, sizeof tail, "...%s:1:2: wrong", path + 240);
    assert_string_equal(ctx.messages[0], tail);
    free(path);
}

static void numbers_are_read_whole(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } good[] = {{"1e5", 1e5}, {"-0.5", -0.5}, {".5", 0.5},    {"5.", 5},      {"+2", 2},
                {"0", 0},     {"1E+2", 100},  {"2.50e1", 25}, {"0.25", 0.25}, {"1e-3", 1e-3}};
    static const char *const bad[] = {"",     "1.0abc", "nan",  "inf", "-inf", "1_000", "0x10",
                                      "1e",   "1e+",    ".",    "-",   "1 ",   " 1",    "1,5",
                                      "1..2", "1e5.0",  "010",  "00",  "--1",  "+-1",   "NaN",
                                      ".inf", "1d5",    "1e5f", "true"};
    double x;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(snw_read_real(good[i].text, &x), SNW_NUMBER_OK);
        assert_true(x == good[i].value);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(snw_read_real(bad[i], &x), SNW_NUMBER_NOT);
    assert_int_equal(snw_read_real("1e999", &x), SNW_NUMBER_RANGE);
}

static void whole_numbers_may_be_written_with_exponents(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {{"1e5", 100000},
                {"2.50e1", 25},
                {"100e-2", 1},
                {"3.000", 3},
                {"-7", -7},
                {"0e99999", 0},
                {"9223372036854775807", INT64_MAX},
                {"4294967295", 4294967295},
                {"0.0012e4", 12}};
    static const char *const bad[] = {"1.5",    "1e-3", "0.99999999999999999999",
                                      "1.0abc", "",     "1e-400"};
    static const char *const large[] = {"9223372036854775808", "1e19", "1e999999999", "-1e30"};
    int64_t x;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(snw_read_integer(good[i].text, &x), SNW_NUMBER_OK);
        assert_true(x == good[i].value);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(snw_read_integer(bad[i], &x), SNW_NUMBER_NOT);
    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        assert_int_equal(snw_read_integer(large[i], &x), SNW_NUMBER_RANGE);
}

static void switches_are_true_or_false_only(void **state)
{
    (void)state;
    bool x;
    assert_true(snw_read_switch("true", &x) && x);
    assert_true(snw_read_switch("false", &x) && !x);
    assert_false(snw_read_switch("yes", &x) || snw_read_switch("True", &x) ||
                 snw_read_switch("1", &x) || snw_read_switch("", &x));
}

static void names_begin_with_a_letter(void **state)
{
    (void)state;
    assert_true(snw_is_name("tai_chi-2"));
    assert_false(snw_is_name("") || snw_is_name("2x") || snw_is_name("a b") || snw_is_name("a.b") ||
                 snw_is_name("_a"));
    char *longest = repeat("", "a", 65);
    assert_false(snw_is_name(longest));
    assert_true(snw_is_name(longest + 1));
    free(longest);
}

static void words_are_found_in_lists_of_words(void **state)
{
    (void)state;
    char word[8];
    assert_int_equal(snw_word_index("none|sample|all", "all"), 2);
    assert_int_equal(snw_word_index("none|sample|all", "al"), -1);
    assert_int_equal(snw_word_index("none|sample|all", "none|sample"), -1);
    assert_int_equal(snw_word_index("none|sample|all", ""), -1);
    snw_word_at("none|sample|all", 1, word, sizeof word);
    assert_string_equal(word, "sample");
    snw_word_at("none|sample|all", 3, word, sizeof word);
    assert_string_equal(word, "");
}

static void edits_are_counted(void **state)
{
    (void)state;
    assert_int_equal(snw_edit_distance("loss", "loss"), 0);
    assert_int_equal(snw_edit_distance("los", "loss"), 1);
    assert_int_equal(snw_edit_distance("lsos", "loss"), 1);
    assert_int_equal(snw_edit_distance("kitten", "sitting"), 3);
    assert_int_equal(snw_edit_distance("", "abc"), 3);
}

static void the_nearest_word_is_offered_only_when_near(void **state)
{
    (void)state;
    struct snw_nearest nearest;
    snw_nearest_init(&nearest, "persns");
    snw_nearest_try(&nearest, "title");
    assert_null(snw_nearest_best(&nearest));
    snw_nearest_try(&nearest, "persons");
    snw_nearest_try(&nearest, "year");
    assert_string_equal(snw_nearest_best(&nearest), "persons");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_knows_where_its_values_stand),
        cmocka_unit_test(every_fault_of_a_text_is_named),
        cmocka_unit_test(all_duplicate_keys_are_reported_and_the_tree_is_kept),
        cmocka_unit_test(tabs_in_comments_and_umlauts_in_texts_are_allowed),
        cmocka_unit_test(an_alias_is_a_copy),
        cmocka_unit_test(nesting_stops_at_thirty_two),
        cmocka_unit_test(a_bomb_of_aliases_is_defused),
        cmocka_unit_test(aliases_anchors_and_values_are_counted),
        cmocka_unit_test(a_map_holds_at_most_1024_keys),
        cmocka_unit_test(a_fault_without_a_place_names_the_override),
        cmocka_unit_test(messages_show_no_control_characters),
        cmocka_unit_test(a_long_path_keeps_its_tail),
        cmocka_unit_test(numbers_are_read_whole),
        cmocka_unit_test(whole_numbers_may_be_written_with_exponents),
        cmocka_unit_test(switches_are_true_or_false_only),
        cmocka_unit_test(names_begin_with_a_letter),
        cmocka_unit_test(words_are_found_in_lists_of_words),
        cmocka_unit_test(edits_are_counted),
        cmocka_unit_test(the_nearest_word_is_offered_only_when_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
