package dev.holdfast.runtime.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.notify.channel.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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

    /** Begins the line that says how many were told at once, which is the last one: it is no number, where older versions stop reading. */
    private static final String AT_ONCE = "at-once ";

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

    Digest.Known read() {
        if (file == null) {
            return Digest.Known.NOTHING;
        }
        Map<String, Long> kinds = new HashMap<>();
        int atOnce = 0;
        long since = 0;
        try {
            for (String line : Files.readAllLines(file, UTF_8)) {
                String[] words = line.split(" ", 3);
                if (line.startsWith(AT_ONCE) && words.length == 3) {
                    since = Long.parseLong(words[2]);
                    atOnce = Integer.parseInt(words[1]);
                } else if (words.length > 1) {
                    kinds.put(line.substring(words[0].length() + 1), Long.valueOf(words[0]));
                }
            }
        } catch (IOException | NumberFormatException none) {
            return new Digest.Known(kinds, atOnce, since); // then some are new
        }
        return new Digest.Known(kinds, atOnce, since);
    }

    void write(Digest.Known known) {
        if (file == null) {
            return;
        }
        List<String> lines = new ArrayList<>();
        known.kinds().forEach((kind, millis) -> lines.add(millis + " " + kind));
        lines.add(AT_ONCE + known.atOnce() + " " + known.atOnceSinceMillis());
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            // Made anew: in a folder that others may write to it might be a link to any file of ours.
            Files.deleteIfExists(next);
            Files.write(next, lines, UTF_8, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException full) {
            Log.debug(Home.loader(), "cannot write " + file, full);
        }
    }
}
