/* What is kept of single people: the trajectories of those sampled, and events. */
#ifndef SNW_ENGINE_TRACKS_H
#define SNW_ENGINE_TRACKS_H

#include "core/context.h"
#include "processes/happenings.h"
#include "recorders/measures.h"

/* Trajectories of the sampled people of one unit and scenario, and what is known of each person,
   (rows,).

   A year is kept as the recorders leave it, people side by side, and turned into lives a measure at
   a time, on its way to the file: written as lives from the start, every value would have a cache
   line of its own. Each person has a slot in the unit's years, whatever lane it moves to. */
struct snw_tracks {
    size_t rows;
    size_t stride;   /* room for slots, whole tiles */
    uint16_t *years; /* (measures, ages, stride), by slot */
    size_t n_slots;
    size_t block; /* slot of the first sampled lane of the block at work */
    int whole;    /* all people of that block are sampled, and in new slots */
    struct snw_track_slot {
        int32_t row;
        uint8_t first, last; /* ages kept, from SNW_AGE_FIRST; first > last: none yet */
        uint8_t dead;
    } * slots;         /* (stride,) */
    uint32_t *slot_of; /* (rows,) the largest number for rows without a person */
    struct snw_track_person {
        int32_t person, replicate, birth_year;
        uint8_t sex, cause;  /* cause: 255 for none */
        double fmp_age_yr;   /* NaN in men */
        double death_age_yr; /* NaN in survivors */
    } * who;
};

/* @return SNW_OK or SNW_ERR_MEMORY; released with snw_tracks_free. */
snw_status snw_tracks_init(struct snw_tracks *tracks, size_t rows) SNW_MUST_CHECK;
void snw_tracks_free(struct snw_tracks *tracks);

/* Begins a unit. */
void snw_tracks_clear(struct snw_tracks *tracks);

/* The lives of all rows in one measure. @param[out] lives  (rows, ages), SNW_FILL where not lived
 */
void snw_tracks_lives(const struct snw_tracks *tracks, size_t measure, uint16_t *lives);

/* One event of a person. */
struct snw_event_row {
    double age_yr;
    int32_t person, replicate;
    uint8_t scenario, kind, site; /* site 255 where it has none; for a death the cause */
};

struct snw_event_list {
    size_t n, room;
    struct snw_event_row *row;
};

void snw_event_list_free(struct snw_event_list *list);

/* @return SNW_OK or SNW_ERR_MEMORY. */
snw_status snw_event_add(struct snw_event_list *list, struct snw_event_row row) SNW_MUST_CHECK;

/* Begins the track of lane i of a new block, which has a row; lanes in ascending order. */
void snw_track_begin(struct snw_tracks *tracks, const struct snw_block *block, size_t i);

/* Writes the year of those of lanes 0 .. n-1 that have a row. @param[in] gone (n,) 1 for the dead,
   NULL where there are none. */
void snw_track_year(struct snw_tracks *tracks, const struct snw_block *block,
                    const struct snw_readout *readout, size_t n, const uint8_t *gone);

/* After death the last state stays, alive goes to 0 and nothing more happens. */
void snw_track_end(struct snw_tracks *tracks, int32_t row, double death_age_yr,
                   enum snw_cause cause);

/* The block is done, another one may begin. */
void snw_tracks_next(struct snw_tracks *tracks);

/* A year of a block in one scenario, as events are taken from it. */
struct snw_year_record {
    const struct snw_block *block;
    const struct snw_readout *readout;
    const struct snw_happenings *happenings;
    size_t n;            /* lanes recorded, from 0 on */
    const uint8_t *gone; /* (n,) 1 for the dead, NULL where there are none */
    uint8_t scenario;
    int all; /* events of all lanes, else of those with a row */
};

/* Appends the events of a year but deaths. @return SNW_OK or SNW_ERR_MEMORY. */
snw_status snw_events_of_year(struct snw_event_list *events,
                              const struct snw_year_record *record) SNW_MUST_CHECK;

#endif
