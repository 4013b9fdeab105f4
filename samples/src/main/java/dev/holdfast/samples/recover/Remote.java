package dev.holdfast.samples.recover;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Something far away that may fail. */
@FunctionalInterface
public interface Remote {

    /** Asks it for a thing. */
    String get(String id) throws IOException, InterruptedException;

    /** The same, for those who do not wait for it. */
    default CompletableFuture<String> begin(String id) {
        try {
            return CompletableFuture.completedFuture(get(id));
        } catch (IOException | InterruptedException failed) {
            return CompletableFuture.failedFuture(failed);
        }
    }
}
