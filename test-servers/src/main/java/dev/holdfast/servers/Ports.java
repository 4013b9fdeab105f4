package dev.holdfast.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Free ports of the loopback. */
public final class Ports {

    /** The bus of a Redis Cluster is that far above its port. */
    private static final int BUS = 10_000;

    private static final int MOST = 65_535;

    private Ports() {}

    /** One that nobody listens at now. */
    public static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    /** One whose bus is free too. */
    static int freeWithBus() {
        while (true) {
            int port = free();
            int low = port > MOST - BUS ? port - BUS : port;
            if (low > 1024 && isFree(low) && isFree(low + BUS)) {
                return low;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
