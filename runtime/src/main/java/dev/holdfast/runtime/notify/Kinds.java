package dev.holdfast.runtime.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.notify.channel.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of failures that people know of, on disk, so that a program which starts again and again does not tell them as often. Of several
 * processes the last to write counts; the worst that comes of it is a letter too many.
 */
final class Kinds {

    /** Null if they are to be forgotten. */
    private final @Nullable Path file;

    /** Of one channel, in the folder of the application. */
    Kinds(Path folder, String channel) {
        this.file = folder.resolve("kinds-" + channel);
    }

    private Kinds() {
        this.file = null;
    }

    /** Where nothing can be kept. */
    static Kinds none() {
        return new Kinds();
    }

    Map<String, Long> read() {
        Map<String, Long> kinds = new HashMap<>();
        if (file == null) {
            return kinds;
        }
        try {
            for (String line : Files.readAllLines(file, UTF_8)) {
                int space = line.indexOf(' ');
                if (space > 0) {
                    kinds.put(line.substring(space + 1), Long.valueOf(line.substring(0, space)));
                }
            }
        } catch (IOException | NumberFormatException none) {
            return kinds; // then some are new
        }
        return kinds;
    }

    void write(Map<String, Long> kinds) {
        if (file == null) {
            return;
        }
        List<String> lines = new ArrayList<>();
        kinds.forEach((kind, millis) -> lines.add(millis + " " + kind));
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.write(next, lines, UTF_8);
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException full) {
            Log.debug(Home.loader(), "cannot write " + file, full);
        }
    }
}
