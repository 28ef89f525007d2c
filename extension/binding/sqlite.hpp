// SQLite as a loadable extension sees it: only through the host's table of functions, never through
// a linked library.
#pragma once

#include <sqlite3ext.h>

SQLITE_EXTENSION_INIT3
