package dev.holdfast.it.programs.ratelimit;

import dev.holdfast.RateLimited;
import dev.holdfast.RateLimitedException;
import dev.holdfast.it.programs.Expect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Takes permits, then has the file changed that is its argument, and looks whether they are taken still. */
public final class Changes {

    private Changes() {}

    @RateLimited(permits = 5, per = "1h")
    @RateLimited(permits = 5, per = "1h", key = "{user}", name = "users")
    static void call(String user) {}

    @RateLimited(permits = 2, per = "1h")
    static void other() {}

    public static void main(String[] arguments) throws Exception {
        for (int i = 0; i < 4; i++) {
            call("me");
        }
        other();
        long taken = System.nanoTime();
        Files.writeString(Path.of(arguments[0]), """
                holdfast.CLASS/call/RateLimited/permits=6
                holdfast.CLASS/other/RateLimited/enabled=false
                """.replace("CLASS", Changes.class.getName()));
        call("me");
        // Both changes apply within seconds, not in one moment.
        Expect.eventually(() -> Expect.outcome(() -> call("me")) == null);
        Expect.eventually(() -> Expect.outcome(Changes::other) == null && Expect.outcome(Changes::other) == null);
        RateLimitedException refused = Expect.thrown(RateLimitedException.class, () -> call("you"));
        Expect.contains("allows 6 per 1h", refused.getMessage());
        Expect.thrown(RateLimitedException.class, () -> call("me"));
        long off = System.nanoTime();
        Files.writeString(
                Path.of(arguments[0]), "holdfast." + Changes.class.getName() + "/other/RateLimited/enabled=true");
        Expect.eventually(() -> Expect.outcome(Changes::other) != null);
        // One comes back each half hour since the one that was taken before, and not since it was switched on again.
        Duration wait = Expect.thrown(RateLimitedException.class, Changes::other)
                .retryAfter()
                .orElseThrow();
        Expect.that(wait.compareTo(Duration.ofMinutes(30).minusNanos(off - taken)) <= 0, "waits " + wait);
        System.out.println("still taken");
    }
}
