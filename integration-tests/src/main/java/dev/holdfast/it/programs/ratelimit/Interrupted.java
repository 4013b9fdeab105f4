package dev.holdfast.it.programs.ratelimit;

import dev.holdfast.RateLimited;
import dev.holdfast.Scope;
import dev.holdfast.Unavailable;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Threads;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Is interrupted while Redis, on the port that is its argument, takes its time for an answer; on virtual threads where there are some. */
public final class Interrupted {

    private static final int CALLS = 8;

    private Interrupted() {}

    @RateLimited(
            permits = 1000,
            per = "1h",
            key = "{client}",
            scope = Scope.CLUSTER,
            whenUnavailable = Unavailable.DENY)
    static void serve(int client) {}

    public static void main(String[] arguments) throws Exception {
        serve(-1);
        serve(-1);
        command(Integer.parseInt(arguments[0]), "CLIENT PAUSE 400 ALL");
        AtomicInteger answered = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            int client = i;
            threads.add(Threads.start(() -> {
                serve(client);
                if (Thread.currentThread().isInterrupted()) {
                    answered.incrementAndGet();
                }
            }));
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(150));
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            thread.join();
        }
        Expect.same(CALLS, answered.get());
        serve(-1);
        System.out.println("answered");
    }

    private static void command(int port, String text) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            OutputStream out = socket.getOutputStream();
            out.write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            Expect.same((int) '+', in.read());
        }
    }
}
