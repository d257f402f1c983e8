/* What `sinew --help` says. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"

static const char overview[] =
    "usage: sinew COMMAND ...\n"
    "\n"
    "  run CONFIG        simulate; leaves results.h5\n"
    "  merge PART... -o FILE  join the parts that `sinew run --part` left into one result\n"
    "  check CONFIG      every error in a config, and what the run would cost\n"
    "  describe WHAT     parameters | fields | measures | schedule |\n"
    "                    channels | conditions | config | errors\n"
    "  digest RESULTS    one hash of all results\n"
    "  export RESULTS WHAT    one of its groups as CSV: summary, paired, events and others\n"
    "  validate RESULTS --targets CSV    a result beside published figures\n"
    "  decide RESULTS    which strategy to choose, how sure, what further research is worth\n"
    "  calibrate CONFIG -o DIR    parameters fitted to published figures\n"
    "  selfcheck [CONFIG]     ranks, interruptions, an inactive intervention: the same result?\n"
    "  doctor            what this program was built with and finds here\n"
    "\n"
    "sinew COMMAND --help says more; sinew --version the version.\n";

static const struct {
    const char *command, *text;
} pages[] = {
    {"run", "usage: sinew run CONFIG [options]\n"
            "\n"
            "  -o DIR              where results.h5 goes (output/<config name>)\n"
            "  --ranks N           spread over N processes\n"
            "  --part K/N          the K-th of N parts only; leaves part-K-of-N for `sinew merge`\n"
            "  --set KEY=VALUE     override the config, e.g. --set population.persons=1e6\n"
            "  --resume            go on where an interrupted run stopped\n"
            "  --force             replace an existing result\n"
            "  --max-walltime T    stop safely after 90s, 15m, 2h or 1:30:00\n"
            "  --kernels ISA       plain, v3 (AVX2) or v4 (AVX-512); the best by default\n"
            "  --quiet             no progress, no table\n"
            "\n"
            "The reference pass is kept for later runs in ~/.cache/sinew or the folder that\n"
            "SINEW_CACHE names; SINEW_CACHE=none keeps nothing.\n"},
    {"check",
     "usage: sinew check CONFIG [-o DIR] [--ranks N] [--set KEY=VALUE]...\n"
     "\n"
     "Every error of the config; then what the run would cost, and whether the disk of DIR\n"
     "and this machine's memory would do for it.\n"},
    {"merge",
     "usage: sinew merge PART... -o FILE [--force] [--quiet]\n"
     "\n"
     "Joins all parts of one run, which `sinew run --part K/N` left, into the result that\n"
     "the run would have left in one piece, bit for bit. The parts stay; the tables that\n"
     "they were made with must still be where they were.\n"},
    {"describe", "usage: sinew describe parameters|fields|measures|schedule|channels|\n"
                 "           conditions|config|errors [--format text|md|json|yaml]\n"
                 "       sinew describe parameters CONFIG\n"
                 "\n"
                 "Costs also in the prices of the defaults, or of a config: its price year, index\n"
                 "and tables.\n"},
    {"digest", "usage: sinew digest RESULTS\n"},
    {"export", "usage: sinew export RESULTS "
               "summary|summary_by_year|paired|economics|events|study|\n"
               "                            trajectories|sweep|sensitivity [--format csv]\n"},
    {"validate", "usage: sinew validate RESULTS --targets CSV [options]\n"
                 "\n"
                 "  --group NAME     rows of this group only, e.g. lifetime_change\n"
                 "  --stage NAME     rows of this part of the model only, e.g. bone\n"
                 "  --status NAME    checked, derived, recalled or assumption\n"
                 "  --format F       text or csv\n"
                 "  -o FILE          write there\n"},
    {"decide",
     "usage: sinew decide RESULTS [options]\n"
     "\n"
     "Where an option is not given, the result's own settings economics.* count.\n"
     "\n"
     "  --wtp LIST        money a QALY, ascending\n"
     "  --discount R      annual effective rate, or R,R of costs and of QALYs\n"
     "  --from AGE        totals begin at this birthday and are discounted to it\n"
     "  --sex WHO         female, male or both (both)\n"
     "  --strategies LIST scenarios that are compared, the first is the reference (all)\n"
     "  --noise RESULTS   the same config with uncertainty.sections=[]: takes luck within a draw\n"
     "                    out of EVPI and acceptability, which are then given raw and corrected\n"
     "  --population N    people a year who face the decision, for the population's EVPI\n"
     "  --years Y         for how many years\n"
     "  --trial [ln:]KEY:SD:N[,N..]  what a trial of two arms of N people is worth that estimates\n"
     "                    a parameter, or its logarithm, SD being that of one person\n"
     "  --trial-cost M[,M]  what it costs, and what each person in it does\n"
     "  --two-way KEY,KEY  two parameters at a time (the two whose knowledge is worth most)\n"
     "  --equity W,M[,A]  weights of a QALY of women and of men, aversion to inequality\n"
     "  --format F        text, csv or json\n"
     "  -o DIR            also writes decision.csv, decision.json, and the draws for BCEA,\n"
     "                    dampack and SAVI (psa_costs.csv, psa_effects.csv, psa_parameters.csv)\n"
     "                    and for hesim (psa_hesim.csv)\n"
     "\n"
     "Of a birth cohort with draws and two scenarios or more. Of a cross-section that was\n"
     "followed: its budget impact over five calendar years.\n"},
    {"calibrate",
     "usage: sinew calibrate CONFIG -o DIR [options]\n"
     "\n"
     "  --targets CSV       published figures (calibration/targets.csv beside CONFIG)\n"
     "  --stages CSV        what is fitted to what (calibration/stages.csv)\n"
     "  --ranks N           spread over N processes; the result is the same\n"
     "  --set KEY=VALUE     override the config\n"
     "  --max-walltime T    stop safely; the same command goes on\n"
     "  --force             throw away evaluations that are there\n"
     "  --quiet             no progress\n"},
    {"selfcheck",
     "usage: sinew selfcheck [CONFIG] [-o DIR] [--set KEY=VALUE]...\n"
     "\n"
     "Runs CONFIG (configs/baseline.yaml) with 2,000 people and few draws on 1, 2 and 4\n"
     "ranks, with plain instructions, stopped and gone on with, killed and gone on with;\n"
     "then without an intervention, with one that nobody takes, with one for nobody. Shows\n"
     "the digest of each and whether they are equal; the exit code is 1 where they are not.\n"
     "Results are removed, unless -o says where they go.\n"},
    {"doctor", "usage: sinew doctor\n"},
};

void snw_print_help(const char *command, FILE *out)
{
    for (size_t i = 0; command && i < sizeof pages / sizeof pages[0]; i++)
        if (strcmp(pages[i].command, command) == 0) {
            fputs(pages[i].text, out);
            return;
        }
    fputs(overview, out);
}
