package dev.holdfast.it.programs.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.NotifyOnFailure;
import dev.holdfast.it.programs.Expect;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Fails more often than its journal has room for, while the receiver is away; then waits until all is told or counted. */
public final class Cramped {

    private static final AtomicInteger FAILED = new AtomicInteger();

    private Cramped() {}

    @NotifyOnFailure(channels = "hook")
    private static void fail() throws IOException {
        throw new IOException("cramped failure " + FAILED.incrementAndGet() + " " + "x".repeat(1_000));
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, UTF_8));
        Path journal = Path.of(System.getProperty("holdfast.journal"));
        for (int i = 0; i < 4_000; i++) {
            Expect.outcome(Cramped::fail);
            if (i % 50 == 0) {
                Thread.sleep(10);
            }
        }
        System.out.println("failed " + FAILED.get() + " times, with "
                + Files.getFileStore(journal).getUsableSpace() + " bytes left");
        // Some are on disk, some in memory, and there is no room for the rest.
        Expect.eventually(() -> said.toString(UTF_8).contains("an event cannot be kept, and is lost"));
        System.setErr(err);
        System.err.print(said.toString(UTF_8));
        Path go = Path.of(arguments[0]);
        Files.createFile(go); // the receiver is back
        Path done = Path.of(arguments[1]);
        Expect.eventually(() -> Files.exists(done));
        for (int i = 0; i < 10; i++) { // there is room again
            Expect.outcome(Cramped::fail);
        }
        Path end = Path.of(arguments[2]);
        Expect.eventually(() -> Files.exists(end));
    }
}
