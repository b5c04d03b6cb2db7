/* `WorkCalendar.add` and `.between` over the lines that a calendar has drawn (bubancheng/calendar/line.py).
 *
 * An instant is int64 microseconds since the midnight that begins day 0 of the proleptic calendar, which
 * makes the ordinal of its date a plain quotient. Every call that is not ordinary goes to the Python method,
 * with the very arguments that came: it answers, or says what is wrong. No call runs foreign code before that,
 * so that nothing changes under the arithmetic.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <datetime.h>
#include <stdbool.h>
#include <stdint.h>
#include <structmember.h>

#define SECOND INT64_C(1000000)
#define DAY (86400 * SECOND)
#define LAST_ORDINAL 3652059 /* 9999-12-31 */
#define MOST_DAYS 4000000    /* of an amount: more than all dates there are */
#define MOST_LINES 4         /* naive, the calendar's zone, UTC; and one to spare */

/* -- dates (every year has 365 days and its share of leap days; years begin with March here) */

static int32_t
ordinal_of(int year, int month, int day)
{
    if (month < 3) {
        year -= 1;
        month += 12;
    }
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day - 306;
}

static void
date_of(int32_t ordinal, int *year, int *month, int *day)
{
    int32_t since = ordinal + 305; /* days since 0000-03-01 */
    int32_t era = since / 146097, in_era = since % 146097;
    int32_t of_era = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int32_t in_year = in_era - (365 * of_era + of_era / 4 - of_era / 100);
    int32_t turn = (5 * in_year + 2) / 153;
    *day = in_year - (153 * turn + 2) / 5 + 1;
    *month = turn < 10 ? turn + 3 : turn - 9;
    *year = 400 * era + of_era + (*month < 3);
}

static int32_t
ordinal(PyObject *when)
{
    return ordinal_of(PyDateTime_GET_YEAR(when), PyDateTime_GET_MONTH(when), PyDateTime_GET_DAY(when));
}

static int64_t
since_midnight(PyObject *when)
{
    int64_t seconds = PyDateTime_DATE_GET_HOUR(when) * 3600 + PyDateTime_DATE_GET_MINUTE(when) * 60 +
                      PyDateTime_DATE_GET_SECOND(when);
    return seconds * SECOND + PyDateTime_DATE_GET_MICROSECOND(when);
}

/* An exact datetime in microseconds; -1 for anything else. */
static int64_t
instant(PyObject *when)
{
    return PyDateTime_CheckExact(when) ? ordinal(when) * DAY + since_midnight(when) : -1;
}

/* An exact timedelta in microseconds; -1 for anything else, for a negative one and for one beyond all dates. */
static int64_t
amount_of(PyObject *amount)
{
    if (!PyDelta_CheckExact(amount)) {
        return -1;
    }
    int64_t days = PyDateTime_DELTA_GET_DAYS(amount);
    if (days < 0 || days > MOST_DAYS) {
        return -1;
    }
    return days * DAY + PyDateTime_DELTA_GET_SECONDS(amount) * SECOND + PyDateTime_DELTA_GET_MICROSECONDS(amount);
}

/* -- a line */

typedef struct {
    int64_t start; /* where the place ends */
    int64_t lead;  /* an instant less this is the working time there, */
    int64_t upto;  /* but this at most */
} Place;

typedef struct {
    PyObject *zone; /* None, or the very zone whose instants these are */
    Place *places;
    int32_t count;
    int32_t *first; /* by date, from `base` on: the place from which to look, or -1 */
    int32_t base, dates;
    int32_t *marks; /* by whole day of working time: the first place that holds so much */
    int32_t days;
} Line;

static void
drop_line(Line *line)
{
    PyMem_Free(line->places);
    PyMem_Free(line->first);
    PyMem_Free(line->marks);
    Py_CLEAR(line->zone);
}

/* A number from a line, -1 for anything but an int from 0 to 2^31 - 2. */
static int32_t
number(PyObject *value)
{
    if (!PyLong_CheckExact(value)) {
        return -1;
    }
    int overflow;
    long found = PyLong_AsLongAndOverflow(value, &overflow);
    return overflow || found < 0 || found >= INT32_MAX ? -1 : (int32_t)found;
}

static bool
take_places(Line *line, PyObject *starts, PyObject *leads, PyObject *upto)
{
    Py_ssize_t count = PyList_GET_SIZE(starts);
    if (count < 1 || count >= INT32_MAX || PyList_GET_SIZE(leads) != count || PyList_GET_SIZE(upto) != count) {
        return false;
    }
    line->places = PyMem_New(Place, count);
    if (line->places == NULL) {
        return false;
    }
    line->count = (int32_t)count;
    for (int32_t i = 0; i < line->count; i++) {
        Place *place = &line->places[i];
        place->start = instant(PyList_GET_ITEM(starts, i));
        place->lead = instant(PyList_GET_ITEM(leads, i));
        place->upto = amount_of(PyList_GET_ITEM(upto, i));
        if (place->start < 0 || place->lead < 0 || place->upto < 0) {
            return false;
        }
    }
    return true;
}

static bool
take_first(Line *line, PyObject *first)
{
    PyObject *key, *value;
    Py_ssize_t at = 0;
    int32_t least = LAST_ORDINAL, most = 0;
    while (PyDict_Next(first, &at, &key, &value)) {
        int32_t date = number(key), place = number(value);
        if (date < 1 || date > LAST_ORDINAL || place < 0 || place >= line->count) {
            return false;
        }
        least = Py_MIN(least, date);
        most = Py_MAX(most, date);
    }
    line->base = least;
    line->dates = most < least ? 0 : most - least + 1;
    line->first = PyMem_New(int32_t, line->dates + 1);
    if (line->first == NULL) {
        return false;
    }
    for (int32_t i = 0; i < line->dates; i++) {
        line->first[i] = -1;
    }
    at = 0;
    while (PyDict_Next(first, &at, &key, &value)) {
        line->first[number(key) - least] = number(value);
    }
    return true;
}

/* The place that holds an amount of working time first, between two places; `high` where none does. */
static int32_t
search(const Line *line, int64_t amount, int32_t low, int32_t high)
{
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (line->places[middle].upto < amount) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low;
}

static bool
mark_days(Line *line)
{
    line->days = (int32_t)(line->places[line->count - 1].upto / DAY) + 1;
    line->marks = PyMem_New(int32_t, line->days + 1);
    if (line->marks == NULL) {
        return false;
    }
    for (int32_t day = 0; day <= line->days; day++) {
        line->marks[day] = search(line, day * DAY, 0, line->count);
    }
    return true;
}

/* Take a line over from Python; false, and an empty line, where it is not of the kind known here. */
static bool
take_line(Line *line, PyObject *zone, PyObject *drawn)
{
    *line = (Line){.zone = Py_NewRef(zone)};
    if (PyTuple_CheckExact(drawn) && PyTuple_GET_SIZE(drawn) == 5) {
        PyObject **parts = &PyTuple_GET_ITEM(drawn, 0);
        if (PyDict_CheckExact(parts[0]) && PyList_CheckExact(parts[1]) && PyList_CheckExact(parts[2]) &&
            PyList_CheckExact(parts[3]) && take_places(line, parts[1], parts[2], parts[3]) &&
            take_first(line, parts[0]) && mark_days(line)) {
            return true;
        }
    }
    drop_line(line);
    return false;
}

/* The working time from the start of the line to an exact datetime; -1 where the line does not reach. */
static int64_t
done_at(const Line *line, PyObject *when)
{
    int32_t date = ordinal(when), i = date - line->base;
    if (i < 0 || i >= line->dates || line->first[i] < 0) {
        return -1;
    }
    int64_t at = date * DAY + since_midnight(when);
    const Place *place = &line->places[line->first[i]], *last = &line->places[line->count - 1];
    while (place->start <= at) {
        if (place++ == last) {
            return -1;
        }
    }
    return Py_MIN(at - place->lead, place->upto);
}

/* -- the lines of a calendar */

typedef struct {
    PyObject_HEAD
    PyObject *drawn;  /* the calendar's own dict, to which Python adds the lines that it draws */
    Py_ssize_t seen;  /* how many of them were looked at */
    int32_t count;
    Line lines[MOST_LINES];
} Lines;

static const Line *
known_line(const Lines *self, PyObject *zone)
{
    for (int32_t i = 0; i < self->count; i++) {
        if (self->lines[i].zone == zone) {
            return &self->lines[i];
        }
    }
    return NULL;
}

/* The line of a zone, by identity; NULL where there is none (yet). */
static const Line *
line_of(Lines *self, PyObject *zone)
{
    const Line *known = known_line(self, zone);
    if (known == NULL && PyDict_GET_SIZE(self->drawn) != self->seen) {
        PyObject *key, *value;
        Py_ssize_t at = 0;
        self->seen = PyDict_GET_SIZE(self->drawn);
        while (self->count < MOST_LINES && PyDict_Next(self->drawn, &at, &key, &value)) {
            if (known_line(self, key) == NULL && take_line(&self->lines[self->count], key, value)) {
                self->count++;
            }
        }
        known = known_line(self, zone);
    }
    return known;
}

static int
lines_traverse(Lines *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->drawn);
    for (int32_t i = 0; i < self->count; i++) {
        Py_VISIT(self->lines[i].zone);
    }
    return 0;
}

static void
lines_dealloc(Lines *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_CLEAR(self->drawn);
    for (int32_t i = 0; i < self->count; i++) {
        drop_line(&self->lines[i]);
    }
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static PyType_Slot lines_slots[] = {
    {Py_tp_doc, "The lines of one calendar, in microseconds."},
    {Py_tp_traverse, lines_traverse},
    {Py_tp_dealloc, lines_dealloc},
    {0, NULL},
};

static PyType_Spec lines_spec = {
    .name = "bubancheng_fast.Lines",
    .basicsize = sizeof(Lines),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE |
             Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = lines_slots,
};

/* -- the answers: NULL without an exception where the Python method shall answer */

static PyObject *
add(Lines *lines, PyObject *when, PyObject *amount)
{
    int64_t rise = amount_of(amount);
    if (rise <= 0 || !PyDateTime_CheckExact(when)) {
        return NULL;
    }
    const Line *line = line_of(lines, PyDateTime_DATE_GET_TZINFO(when));
    int64_t done = line == NULL ? -1 : done_at(line, when);
    if (done < 0) {
        return NULL;
    }
    done += rise;
    if (done / DAY >= line->days) {
        return NULL;
    }
    const int32_t *marks = &line->marks[done / DAY];
    int32_t found = search(line, done, marks[0], marks[1]);
    if (found >= line->count) {
        return NULL;
    }
    int64_t at = line->places[found].lead + done;
    if (at < DAY || at / DAY > LAST_ORDINAL) {
        return NULL;
    }
    int year, month, day;
    date_of((int32_t)(at / DAY), &year, &month, &day);
    int64_t clock = at % DAY;
    int32_t seconds = (int32_t)(clock / SECOND), us = (int32_t)(clock % SECOND);
    return PyDateTimeAPI->DateTime_FromDateAndTime(year, month, day, seconds / 3600, seconds / 60 % 60, seconds % 60,
                                                   us, line->zone, PyDateTimeAPI->DateTimeType);
}

static PyObject *
between(Lines *lines, PyObject *a, PyObject *b)
{
    if (!PyDateTime_CheckExact(a) || !PyDateTime_CheckExact(b)) {
        return NULL;
    }
    PyObject *zone = PyDateTime_DATE_GET_TZINFO(a);
    const Line *line = zone == PyDateTime_DATE_GET_TZINFO(b) ? line_of(lines, zone) : NULL;
    int64_t from = line == NULL ? -1 : done_at(line, a), to = from < 0 ? -1 : done_at(line, b);
    if (to < 0) {
        return NULL;
    }
    int64_t gone = to - from, rest = gone % DAY;
    if (rest < 0) {
        rest += DAY;
    }
    return PyDateTimeAPI->Delta_FromDelta((int)((gone - rest) / DAY), (int)(rest / SECOND), (int)(rest % SECOND), 0,
                                          PyDateTimeAPI->DeltaType);
}

/* -- a method of a calendar, compiled */

typedef PyObject *(*Answer)(Lines *, PyObject *, PyObject *);

typedef struct {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    Answer answer;
    Lines *lines;
    PyObject *method; /* the bound Python method */
    PyObject *names;  /* the instance's `__dict__` */
} Call;

static PyObject *
call(PyObject *callable, PyObject *const *arguments, size_t count, PyObject *keywords)
{
    Call *self = (Call *)callable;
    if (PyVectorcall_NARGS(count) == 2 && keywords == NULL) {
        PyObject *found = self->answer(self->lines, arguments[0], arguments[1]);
        if (found != NULL || PyErr_Occurred()) {
            return found;
        }
    }
    return PyObject_Vectorcall(self->method, arguments, count, keywords);
}

static PyObject *
call_repr(Call *self)
{
    return PyObject_Repr(self->method);
}

static PyObject *
call_reduce(Call *self, PyObject *Py_UNUSED(nothing))
{
    return PyObject_CallMethod(self->method, "__reduce__", NULL);
}

/* No `tp_clear`: a cycle runs through the calendar's `__dict__`, which breaks it; a call that lives can be called. */
static int
call_traverse(Call *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->lines);
    Py_VISIT(self->method);
    Py_VISIT(self->names);
    return 0;
}

static void
call_dealloc(Call *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_CLEAR(self->lines);
    Py_CLEAR(self->method);
    Py_CLEAR(self->names);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static PyMethodDef call_methods[] = {
    {"__reduce__", (PyCFunction)call_reduce, METH_NOARGS, "Pickle as the Python method does."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef call_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Call, vectorcall), READONLY, NULL},
    {"__dictoffset__", T_PYSSIZET, offsetof(Call, names), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef call_attributes[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot call_slots[] = {
    {Py_tp_doc, "A method of one calendar, compiled."},
    {Py_tp_call, PyVectorcall_Call},
    {Py_tp_repr, call_repr},
    {Py_tp_traverse, call_traverse},
    {Py_tp_dealloc, call_dealloc},
    {Py_tp_methods, call_methods},
    {Py_tp_members, call_members},
    {Py_tp_getset, call_attributes},
    {0, NULL},
};

static PyType_Spec call_spec = {
    .name = "bubancheng_fast.Call",
    .basicsize = sizeof(Call),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_IMMUTABLETYPE |
             Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = call_slots,
};

/* -- the module */

typedef struct {
    PyTypeObject *lines_type, *call_type;
} Types;

static PyObject *
new_call(PyTypeObject *type, Answer answer, Lines *lines, PyObject *method)
{
    Call *made = PyObject_GC_New(Call, type);
    if (made != NULL) {
        made->vectorcall = call;
        made->answer = answer;
        made->lines = (Lines *)Py_NewRef(lines);
        made->method = Py_NewRef(method);
        made->names = NULL;
        PyObject_GC_Track(made);
    }
    return (PyObject *)made;
}

static PyObject *
compiled(PyObject *module, PyObject *arguments)
{
    const Types *types = PyModule_GetState(module);
    PyObject *drawn, *add_method, *between_method;
    if (!PyArg_ParseTuple(arguments, "O!OO:compiled", &PyDict_Type, &drawn, &add_method, &between_method)) {
        return NULL;
    }
    Lines *lines = PyObject_GC_New(Lines, types->lines_type);
    if (lines == NULL) {
        return NULL;
    }
    lines->drawn = Py_NewRef(drawn);
    lines->seen = 0;
    lines->count = 0;
    PyObject_GC_Track(lines);
    PyObject *adder = new_call(types->call_type, add, lines, add_method);
    PyObject *counter = adder == NULL ? NULL : new_call(types->call_type, between, lines, between_method);
    PyObject *pair = counter == NULL ? NULL : PyTuple_Pack(2, adder, counter);
    Py_XDECREF(adder);
    Py_XDECREF(counter);
    Py_DECREF(lines);
    return pair;
}

static PyTypeObject *
new_type(PyObject *module, PyType_Spec *spec)
{
    return (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
}

static int
start(PyObject *module)
{
    Types *types = PyModule_GetState(module);
    PyDateTime_IMPORT;
    if (PyDateTimeAPI == NULL || (types->lines_type = new_type(module, &lines_spec)) == NULL ||
        (types->call_type = new_type(module, &call_spec)) == NULL) {
        return -1;
    }
    return 0;
}

static int
module_traverse(PyObject *module, visitproc visit, void *arg)
{
    const Types *types = PyModule_GetState(module);
    Py_VISIT(types->lines_type);
    Py_VISIT(types->call_type);
    return 0;
}

static int
module_clear(PyObject *module)
{
    Types *types = PyModule_GetState(module);
    Py_CLEAR(types->lines_type);
    Py_CLEAR(types->call_type);
    return 0;
}

static PyMethodDef module_methods[] = {
    {"compiled", compiled, METH_VARARGS,
     "Return both methods compiled, given the dict of a calendar's lines and its bound Python methods."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, start},
    {0, NULL},
};

static PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "bubancheng_fast._calls",
    .m_doc = "The working-time arithmetic of a calendar, compiled.",
    .m_size = sizeof(Types),
    .m_methods = module_methods,
    .m_slots = module_slots,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
};

PyMODINIT_FUNC
PyInit__calls(void)
{
    return PyModuleDef_Init(&module_definition);
}
