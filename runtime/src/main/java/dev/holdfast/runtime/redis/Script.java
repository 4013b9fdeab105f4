package dev.holdfast.runtime.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A Lua script, and the name that Redis knows it by once it has seen it. Immutable. */
public final class Script {

    /** Gives fields of a hash, null for each that it has not; null for what is no hash. It is sent as the command that it is, which costs Redis less than any script. */
    public static final Script FIELDS =
            of("local fields = redis.pcall('HMGET', KEYS[1], unpack(ARGV)) return not fields.err and fields");

    private final byte[] text;
    private final byte[] sha1;

    private Script(byte[] text) {
        this.text = text;
        try {
            this.sha1 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text))
                    .getBytes(US_ASCII);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-1", impossible);
        }
    }

    /** Of that text. */
    public static Script of(String text) {
        return new Script(text.getBytes(UTF_8));
    }

    /** From a resource beside a class. */
    public static Script load(Class<?> beside, String resource) {
        try (InputStream in = beside.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("there is no " + resource + " beside " + beside.getName());
            }
            return new Script(in.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    byte[] text() {
        return text;
    }

    /** In hexadecimal digits. */
    byte[] sha1() {
        return sha1;
    }
}
