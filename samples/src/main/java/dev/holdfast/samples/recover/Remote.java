package dev.holdfast.samples.recover;

import java.io.IOException;

/** Something far away that may fail. */
@FunctionalInterface
public interface Remote {

    /** Asks it for a thing. */
    String get(String id) throws IOException, InterruptedException;
}
