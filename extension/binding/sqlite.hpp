// SQLite as a loadable extension sees it: through the host's table of functions only, never a
// linked library.
#pragma once

#include <sqlite3ext.h>

SQLITE_EXTENSION_INIT3
