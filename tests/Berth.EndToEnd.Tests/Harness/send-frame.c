/* Sends an Ethernet frame as it is: send-frame LINK COUNT HEX */
#include <arpa/inet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
    unsigned char frame[1500];
    size_t length = 0;
    if (argc != 4)
        return 2;

    for (const char *hex = argv[3]; hex[0] && hex[1] && length < sizeof frame; hex += 2, length++) {
        unsigned value;
        if (sscanf(hex, "%2x", &value) != 1)
            return 2;
        frame[length] = value;
    }

    int packets = socket(AF_PACKET, SOCK_RAW, 0);
    struct sockaddr_ll link = { .sll_family = AF_PACKET, .sll_ifindex = if_nametoindex(argv[1]), .sll_halen = 6 };
    memcpy(link.sll_addr, frame, 6);
    for (int i = atoi(argv[2]); i > 0; i--) {
        if (sendto(packets, frame, length, 0, (struct sockaddr *)&link, sizeof link) < 0) {
            perror("send");
            return 1;
        }
    }

    return 0;
}
