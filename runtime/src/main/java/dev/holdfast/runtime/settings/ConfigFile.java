package dev.holdfast.runtime.settings;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/** The file of the configuration at one moment: its bytes, and what they say. Immutable. */
final class ConfigFile {

    /** Enough for thousands of overrides, and no harm done if somebody names a video. */
    private static final int MOST_BYTES = 1 << 20;

    private final File path;
    private final byte[] bytes;
    private final Map<String, String> entries;
    private final Set<String> twice;

    private ConfigFile(File path, byte[] bytes, Map<String, String> entries, Set<String> twice) {
        this.path = path;
        this.bytes = bytes;
        this.entries = entries;
        this.twice = twice;
    }

    /**
     * Reads the bytes of a file.
     *
     * @throws IOException if that is not possible; its message follows the words "must be …, was …"
     */
    static byte[] bytes(File path) throws IOException {
        if (!path.isFile()) {
            throw new IOException(path.exists() ? "that is not a file" : "there is no such file");
        }
        byte[] bytes;
        try (InputStream in = new FileInputStream(path)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException unreadable) {
            throw new IOException("it cannot be read: " + unreadable.getMessage(), unreadable);
        }
        if (bytes.length > MOST_BYTES) {
            throw new IOException("it is larger than " + (MOST_BYTES >> 20) + " MiB");
        }
        return bytes;
    }

    /**
     * Reads what the bytes of a file say.
     *
     * @throws IllegalArgumentException if they are no properties in UTF-8; the message follows the name of the file
     */
    static ConfigFile of(File path, byte[] bytes) {
        // A byte order mark is no part of the first key; some editors put one.
        boolean marked =
                bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
        int from = marked ? 3 : 0;
        Lines lines = new Lines();
        // A decoder of its own, because the usual one puts question marks where it should object.
        try (var reader = new InputStreamReader(
                new ByteArrayInputStream(bytes, from, bytes.length - from),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT))) {
            lines.load(reader);
        } catch (CharacterCodingException noText) {
            throw new IllegalArgumentException("must be text in UTF-8; save it in that encoding", noText);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "must be in properties syntax, has a \\u without four hexadecimal digits; write \\\\ for a backslash",
                    malformed);
        } catch (IOException impossible) {
            throw new IllegalArgumentException("cannot be read: " + impossible.getMessage(), impossible);
        }
        return new ConfigFile(path, bytes, lines.entries, lines.twice);
    }

    File path() {
        return path;
    }

    /** Keys and values as they stand there. */
    Map<String, String> entries() {
        return entries;
    }

    /** Keys that stand there more than once; the last one counts. */
    Set<String> twice() {
        return twice;
    }

    /** What it was read from; not to be written to. */
    byte[] bytes() {
        return bytes;
    }

    /** The keys with another value here than there, sorted. */
    Set<String> differsFrom(ConfigFile other) {
        Set<String> keys = new TreeSet<>(entries.keySet());
        keys.addAll(other.entries.keySet());
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            if (entry.getValue().equals(other.entries.get(entry.getKey()))) {
                keys.remove(entry.getKey());
            }
        }
        return keys;
    }

    /** The JDK's reading of the syntax; it tells each line by a call of {@link #put}. */
    private static final class Lines extends Properties {

        private static final long serialVersionUID = 1L;

        private final transient Map<String, String> entries = new HashMap<>();
        private final transient Set<String> twice = new TreeSet<>();

        @Override
        public synchronized Object put(Object key, Object value) {
            if (entries.put((String) key, ((String) value)) != null) {
                twice.add((String) key);
            }
            return super.put(key, value);
        }
    }
}
