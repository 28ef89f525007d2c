# The contents of `cmake --install` and of the Debian packages. Two components: the library, which other programs load, and the tools.
#
# dlopen() looks for a bare name in the linker's folders. With the library in lib/<architecture>, `.load libcdr` in a shell and `LoadExt = libcdr` in
# a DSN need no path on Debian, both under /usr and under /usr/local.
set(library_folder lib/${CMAKE_LIBRARY_ARCHITECTURE})
configure_file(packaging/sqlite-cdr.pc.in ${PROJECT_BINARY_DIR}/sqlite-cdr.pc @ONLY)
install(TARGETS cdr LIBRARY DESTINATION ${library_folder} COMPONENT library)
install(FILES ${PROJECT_BINARY_DIR}/sqlite-cdr.pc DESTINATION ${library_folder}/pkgconfig COMPONENT library)
install(FILES LICENSE RENAME copyright DESTINATION share/doc/libsqlite3-mod-cdr COMPONENT library)

install(TARGETS cdr_program RUNTIME DESTINATION bin COMPONENT tools)
find_program(GZIP gzip REQUIRED)
add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/cdr.1.gz DEPENDS ${PROJECT_SOURCE_DIR}/packaging/cdr.1
                   COMMAND ${GZIP} -9nc ${PROJECT_SOURCE_DIR}/packaging/cdr.1 > ${PROJECT_BINARY_DIR}/cdr.1.gz)
add_custom_target(cdr_manual ALL DEPENDS ${PROJECT_BINARY_DIR}/cdr.1.gz)
add_dependencies(cdr_program cdr_manual)
install(FILES ${PROJECT_BINARY_DIR}/cdr.1.gz DESTINATION share/man/man1 COMPONENT tools)
install(FILES packaging/cdr.bash RENAME cdr DESTINATION share/bash-completion/completions COMPONENT tools)
install(FILES packaging/_cdr DESTINATION share/zsh/vendor-completions COMPONENT tools)
install(FILES packaging/cdr.fish DESTINATION share/fish/vendor_completions.d COMPONENT tools)
# The program embeds Chart.js.
file(READ LICENSE licence)
file(READ src/cli/page/chart.licence chart_licence)
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/copyright CONTENT "${licence}\n\n${chart_licence}" @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/copyright DESTINATION share/doc/cdr-tools COMPONENT tools)
install(FILES README.md REFERENCE.md CHANGELOG.md DESTINATION share/doc/cdr-tools COMPONENT tools)
install(FILES packaging/cdr-import.service DESTINATION share/doc/cdr-tools/examples COMPONENT tools)
install(DIRECTORY docs DESTINATION share/doc/cdr-tools COMPONENT tools)
install(DIRECTORY samples DESTINATION share/cdr COMPONENT tools)
install(DIRECTORY sql/demo/tour DESTINATION share/cdr COMPONENT tools)

# Only existing files are installed; `cmake --install` and cpack build nothing, not even the tests.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME cdr)
set(CPACK_PACKAGE_VENDOR libcdr)
set(CPACK_PACKAGE_CONTACT "libcdr <libcdr@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL library tools)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# The library finds SQLite in the program that loads it, so this dependency is not detected automatically.
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libsqlite3-mod-cdr)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS "libsqlite3-0 (>= 3.38), tzdata")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SUGGESTS "sqlite3, libsqliteodbc, cdr-tools")
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "SQLite extension for the call detail records of contact centres
 Tables and functions that read the call detail records of Conpeek, Alibaba
 Cloud Call Center, mluvii and uContact, and a warehouse of them in one file.")
set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME cdr-tools)
set(CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS "tzdata")
set(CPACK_DEBIAN_TOOLS_PACKAGE_RECOMMENDS "libsqlite3-mod-cdr, sqlite3, less, ca-certificates")
set(CPACK_DEBIAN_TOOLS_PACKAGE_SUGGESTS "unixodbc, libsqliteodbc")
set(CPACK_COMPONENT_TOOLS_DESCRIPTION "call detail records of contact centres in one SQLite file
 The program cdr imports, checks, asks and exports a warehouse of the call
 detail records of Conpeek, Alibaba Cloud Call Center, mluvii and uContact.")
include(CPack)
