/* Working days over arrays: from a day to its place among the working days, and from a place to its day
 * (bubancheng/batch/days.py). What is not ordinary stops the walk; Python walks again, and says what is wrong.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define STOPPED INT64_MIN

typedef struct {
    const uint16_t *ahead; /* by day from `first` on: the number of working days up to it */
    uint64_t days;
    const uint16_t *landings; /* by such a number, from 1 on: the day, from `first` on */
    uint64_t places;
    int64_t first; /* as days since 1970 */
} Week;

static inline int64_t
element(const char *values, Py_ssize_t i)
{
    int64_t value; /* copied, as nobody promises that it is aligned */
    memcpy(&value, values + i * (Py_ssize_t)sizeof value, sizeof value);
    return value;
}

static inline void
keep(char *found, Py_ssize_t i, int64_t value)
{
    memcpy(found + i * (Py_ssize_t)sizeof value, &value, sizeof value);
}

/* Write what lies one count of working days after each day; return the latest, STOPPED at anything unordinary.
 * All differences wrap around without a sign, so that what lies off a table is one comparison away.
 */
static int64_t
walk_together(const Week *week, const char *days, Py_ssize_t size, int64_t count, char *found)
{
    uint64_t reach = week->days, last = 0;
    if (count <= 0 || (uint64_t)count >= week->places || size == 0) {
        return STOPPED;
    }
    while (reach > 0 && week->ahead[reach - 1] + (uint64_t)count >= week->places) {
        reach--; /* from these days on the count leaves the table */
    }
    const uint16_t *landings = week->landings + count;
    for (Py_ssize_t i = 0; i < size; i++) {
        uint64_t day = (uint64_t)element(days, i) - (uint64_t)week->first;
        if (day >= reach) {
            return STOPPED;
        }
        last = day > last ? day : last;
        keep(found, i, week->first + landings[week->ahead[day]]);
    }
    return week->first + landings[week->ahead[last]];
}

/* The same with a count for each day. */
static int64_t
walk_each(const Week *week, const char *days, Py_ssize_t size, const char *counts, char *found)
{
    uint64_t last = 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        uint64_t day = (uint64_t)element(days, i) - (uint64_t)week->first, count = (uint64_t)element(counts, i);
        if (day >= week->days || count - 1 >= week->places) {
            return STOPPED;
        }
        uint64_t place = week->ahead[day] + count;
        if (place >= week->places) {
            return STOPPED;
        }
        last = place > last ? place : last;
        keep(found, i, week->first + week->landings[place]);
    }
    return last == 0 ? STOPPED : week->first + week->landings[last];
}

static bool
is_fitting(const Py_buffer *days, const Py_buffer *counts, const Py_buffer *found)
{
    bool one = counts->len == sizeof(int64_t);
    return days->len % (Py_ssize_t)sizeof(int64_t) == 0 && found->len == days->len && (one || counts->len == days->len);
}

static PyObject *
add_workdays(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    Py_buffer days, counts, ahead, landings, found;
    long long first;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*Lw*:add_workdays", &days, &counts, &ahead, &landings, &first, &found)) {
        return NULL;
    }
    Week week = {
        .ahead = ahead.buf,
        .days = (uint64_t)ahead.len / sizeof(uint16_t),
        .landings = landings.buf,
        .places = (uint64_t)landings.len / sizeof(uint16_t),
        .first = first,
    };
    bool fits = is_fitting(&days, &counts, &found);
    int64_t latest = STOPPED;
    if (fits) {
        Py_BEGIN_ALLOW_THREADS
        Py_ssize_t size = days.len / (Py_ssize_t)sizeof(int64_t);
        latest = counts.len == sizeof(int64_t) ? walk_together(&week, days.buf, size, element(counts.buf, 0), found.buf)
                                               : walk_each(&week, days.buf, size, counts.buf, found.buf);
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&days);
    PyBuffer_Release(&counts);
    PyBuffer_Release(&ahead);
    PyBuffer_Release(&landings);
    PyBuffer_Release(&found);
    if (!fits) {
        PyErr_SetString(PyExc_ValueError, "arrays of one length are meant: int64, the tables uint16");
        return NULL;
    }
    if (latest == STOPPED) {
        Py_RETURN_NONE;
    }
    return PyLong_FromLongLong(latest);
}

static PyMethodDef methods[] = {
    {"add_workdays", add_workdays, METH_VARARGS,
     "Write what lies so many working days after each day; return the latest, None where Python shall say."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "bubancheng_fast._arrays",
    .m_doc = "Working days over arrays, compiled.",
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC
PyInit__arrays(void)
{
    return PyModuleDef_Init(&definition);
}
