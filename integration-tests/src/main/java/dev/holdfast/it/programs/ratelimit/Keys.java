package dev.holdfast.it.programs.ratelimit;

import dev.holdfast.RateLimited;
import dev.holdfast.RateLimitedException;
import dev.holdfast.it.programs.Expect;

/** Limits a million keys in a small heap, and looks whether those who had used up theirs before are limited still. */
public final class Keys {

    private Keys() {}

    @RateLimited(permits = 2, per = "1d", key = "{client}")
    static void serve(String client) {}

    @RateLimited(permits = 1, per = "1d", key = "{client}")
    static void once(String client) {}

    public static void main(String[] arguments) {
        for (int i = 0; i < 100; i++) {
            serve("hot " + i);
            serve("hot " + i);
        }
        for (int i = 0; i < 1_000_000; i++) {
            serve("198.51.100.17:" + i);
            if (i < 300_000) {
                once("198.51.100.17:" + i);
            }
        }
        for (int i = 0; i < 100; i++) {
            String client = "hot " + i;
            Expect.thrown(RateLimitedException.class, () -> serve(client));
        }
        for (int i = 0; i < 300_000; i += 1_000) {
            String client = "198.51.100.17:" + i;
            Expect.thrown(RateLimitedException.class, () -> once(client));
        }
        char[] large = new char[1_000_000];
        for (int i = 0; i < 60; i++) {
            large[0] = (char) i;
            serve(new String(large));
        }
        System.out.println("limited");
    }
}
