package dev.holdfast.samples.ratelimit;

import dev.holdfast.Algorithm;
import dev.holdfast.RateLimited;
import dev.holdfast.RateLimitedException;
import dev.holdfast.Recover;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Ways to use {@link RateLimited}. Thread-safe where the index is. */
public final class Searches {

    private final Index index;

    /** Over an index. */
    public Searches(Index index) {
        this.index = index;
    }

    /** Who searches. */
    public record User(String id) {}

    /** What can be done at an index. */
    public interface Index {

        /** Searches. */
        List<String> find(String text);

        /** Puts documents into it. */
        int add(List<String> documents);

        /** Asks another one. */
        CompletionStage<List<String>> ask(String text);
    }

    /** At most 100 in a second, all callers together. */
    @RateLimited(permits = 100)
    public List<String> plain(String text) {
        return index.find(text);
    }

    /** Ten a minute for each user, of which five may come at once; and all users together a thousand a second. */
    @RateLimited(permits = 10, per = "1m", burst = 5, key = "{user.id}")
    @RateLimited(permits = 1000)
    @Recover(fallback = "busy")
    public List<String> find(User user, String text) {
        return index.find(text);
    }

    List<String> busy(User user, String text, RateLimitedException refused) {
        return List.of(
                "busy, try again in " + refused.retryAfter().orElseThrow().toSeconds() + " s");
    }

    /** A partner allows 20 requests a second, evenly: calls queue for up to two seconds, and hold no thread meanwhile. */
    @RateLimited(permits = 20, algorithm = Algorithm.LEAKY_BUCKET, maxWait = "2s", name = "partner")
    public CompletionStage<List<String>> ask(String text) {
        return index.ask(text);
    }

    /** What counts is documents, not calls. */
    @RateLimited(permits = 10_000, per = "1m", cost = "{documents.size}")
    public int add(List<String> documents) {
        return index.add(documents);
    }
}
