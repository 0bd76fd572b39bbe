#include <cli/cli.h>

int main(int argc, char **argv)
{
    return infoflow_main(argc, argv);
}
