/* Sends every datagram that comes to the port back to where it came from: busybox has no UDP server. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
    char data[2048];
    struct sockaddr_in peer, self = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[argc - 1]))};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    if (bind(fd, (struct sockaddr *)&self, sizeof self) < 0)
        return 1;
    for (;;) {
        socklen_t length = sizeof peer;
        ssize_t count = recvfrom(fd, data, sizeof data, 0, (struct sockaddr *)&peer, &length);
        if (count >= 0)
            sendto(fd, data, count, 0, (struct sockaddr *)&peer, length);
    }
}
