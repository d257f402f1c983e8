/* The oracle's random numbers: named words of the keyed streams as uniforms and normals. */
#include "oracle/oracle_parts.h"

#include <gsl/gsl_cdf.h>

double snw_oracle_uniform(const struct snw_oracle_person *person, int year, enum snw_word word,
                          int index)
{
    uint32_t words[4];
    snw_draw(person->key, person->id, person->replicate, (uint32_t)year, (uint32_t)word / 4,
             (uint32_t)index, words);
    return ((double)words[word % 4] + 0.5) / 4294967296.0;
}

double snw_oracle_normal(const struct snw_oracle_person *person, int year, enum snw_word word)
{
    return gsl_cdf_ugaussian_Pinv(snw_oracle_uniform(person, year, word, 0));
}
