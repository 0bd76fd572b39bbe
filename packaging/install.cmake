# What is installed and where: the program with its man pages and completions, and the core for other programs, shared
# and for development.
include(GNUInstallDirs)

# Relative, so that an installation can be moved and `cmake --install --prefix` is obeyed.
file(RELATIVE_PATH PREFIX_OF_PKGCONFIG /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" PREFIX_OF_PKGCONFIG ${PREFIX_OF_PKGCONFIG})
configure_file(core/infoflow.pc.in infoflow.pc @ONLY)
configure_file(app/cli/infoflow.1 man/infoflow.1 @ONLY)
configure_file(app/dump/infoflow-dump.5 man/infoflow-dump.5 @ONLY)

install(TARGETS infoflow COMPONENT program)
install(FILES ${CMAKE_BINARY_DIR}/man/infoflow.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
install(FILES ${CMAKE_BINARY_DIR}/man/infoflow-dump.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5 COMPONENT program)
set(completions ${CMAKE_SOURCE_DIR}/packaging/completions)
set(data ${CMAKE_INSTALL_DATADIR})
install(FILES ${completions}/infoflow.bash DESTINATION ${data}/bash-completion/completions RENAME infoflow COMPONENT program)
install(FILES ${completions}/infoflow.zsh DESTINATION ${data}/zsh/site-functions RENAME _infoflow COMPONENT program)
install(FILES ${completions}/infoflow.fish DESTINATION ${data}/fish/vendor_completions.d COMPONENT program)
install(FILES sample-runs/infoflow_recorder.py sample-runs/infoflow_dump.h sample-runs/compute.sbatch
  DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/infoflow/examples COMPONENT program)

install(TARGETS infoflow_shared LIBRARY COMPONENT library NAMELINK_COMPONENT development)
install(TARGETS core ARCHIVE COMPONENT development)
install(DIRECTORY include/infoflow DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(FILES ${CMAKE_BINARY_DIR}/infoflow.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
