package dev.holdfast.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a server at the loopback and can cut it off: what is sent to it then arrives nowhere, or nothing can be sent. Thread-safe. */
public final class Proxy implements AutoCloseable {

    private final ServerSocket socket;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile boolean stalled;
    private volatile boolean cut;

    private Proxy(ServerSocket socket, int target) {
        this.socket = socket;
        this.target = target;
    }

    /** Before that port. */
    public static Proxy before(int port) {
        try {
            Proxy proxy = new Proxy(new ServerSocket(0, 128, InetAddress.getLoopbackAddress()), port);
            start(proxy::accept);
            return proxy;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** Its own port. */
    public int port() {
        return socket.getLocalPort();
    }

    /** How many connections it has taken so far. */
    public int accepted() {
        return accepted.get();
    }

    /** Takes connections and bytes, and hands nothing on. */
    public void stall() {
        stalled = true;
    }

    /** Ends all connections, whatever is under way on them, and those that come. */
    public void cut() {
        cut = true;
        open.forEach(Proxy::close);
    }

    /** Hands on what comes from now on; connections that have lost something are ended. */
    public void go() {
        stalled = false;
        cut = false;
        open.forEach(Proxy::close);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                accepted.incrementAndGet();
                if (cut) {
                    close(client);
                    continue;
                }
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                open.add(client);
                open.add(server);
                start(() -> hand(client, server));
                start(() -> hand(server, client));
            } catch (IOException ended) {
                // the server is away, or the proxy is closed
            }
        }
    }

    private void hand(Socket from, Socket to) {
        byte[] buffer = new byte[65_536];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!stalled) {
                    out.write(buffer, 0, read);
                }
            }
        } catch (IOException ended) {
            // as its other end sees it
        } finally {
            close(from);
            close(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            throw new UncheckedIOException(alreadyGone);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        open.forEach(Proxy::close);
    }
}
