package dev.holdfast.runtime.session.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a session is stored under: a tag, by which Redis Cluster puts it, and the hash of a secret. Nobody who reads it in Redis, in a log or in
 * memory can tell the id that a cookie needs. Immutable.
 *
 * <p>An id of ours is {@code tag.secret}: 48 random bits for the tag, which stays when the id is renewed, and 256 for the secret. An id of the
 * application's own is hashed whole, and its tag is taken from the hash.
 *
 * @param tag of {@value #TAG_LENGTH} letters, digits, - or _
 * @param hash SHA-256, in the base 64 of URLs
 */
public record SessionKey(String tag, String hash) {

    private static final int TAG_BYTES = 6;
    private static final int TAG_LENGTH = 8;
    private static final int SECRET_BYTES = 32;
    private static final int SECRET_LENGTH = 43;

    private static final Base64.Encoder BASE_64 = Base64.getUrlEncoder().withoutPadding();

    /** Seeded by the system when it is first needed. */
    private static final class Randomness {
        static final SecureRandom RANDOM = new SecureRandom();
    }

    /**
     * A new id, and the key that belongs to it.
     *
     * @param id what only the client may know
     */
    public record Issued(String id, SessionKey key) {

        /** Shows no id. */
        @Override
        public String toString() {
            return key.toString();
        }
    }

    /** An id that nobody had before. */
    public static Issued issue() {
        return issue(random(TAG_BYTES));
    }

    /** An id in the place of this one: Redis can move the session in one step, as both lie in the same slot. */
    public Issued renew() {
        return issue(tag);
    }

    private static Issued issue(String tag) {
        String secret = random(SECRET_BYTES);
        return new Issued(tag + "." + secret, new SessionKey(tag, hash(secret)));
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        Randomness.RANDOM.nextBytes(random);
        return BASE_64.encodeToString(random);
    }

    /** Of what a cookie carries; null for what is not in the form of our ids, and so is none. */
    public static @Nullable SessionKey ofCookie(String value) {
        if (value.length() != TAG_LENGTH + 1 + SECRET_LENGTH || value.charAt(TAG_LENGTH) != '.') {
            return null;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean fits = i == TAG_LENGTH
                    || (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_';
            if (!fits) {
                return null;
            }
        }
        return new SessionKey(value.substring(0, TAG_LENGTH), hash(value.substring(TAG_LENGTH + 1)));
    }

    /** Of an id that the application makes. */
    public static SessionKey ofApplication(String id) {
        String hash = hash(id);
        return new SessionKey(hash.substring(0, TAG_LENGTH), hash);
    }

    private static String hash(String secret) {
        return BASE_64.encodeToString(sha256().digest(bytes(secret)));
    }

    /** A copy, where there can be one: to look for a provider takes longer than to hash an id. */
    private static MessageDigest sha256() {
        try {
            return (MessageDigest) Sha256.FRESH.clone();
        } catch (CloneNotSupportedException dear) {
            return Sha256.make();
        }
    }

    /** Made when the first id is hashed. */
    private static final class Sha256 {

        /** Nothing is ever hashed with it. */
        static final MessageDigest FRESH = make();

        static MessageDigest make() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every JVM has SHA-256", impossible);
            }
        }
    }

    private static boolean hasHalves(String secret) {
        for (int i = 0; i < secret.length(); i++) {
            if (Character.isSurrogate(secret.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** In UTF-8, which has but question marks for halves of characters: where there are such, in a form that tells them apart, behind a byte that UTF-8 never has. */
    private static byte[] bytes(String secret) {
        byte[] utf8 = secret.getBytes(UTF_8);
        if (!hasHalves(secret) || new String(utf8, UTF_8).equals(secret)) {
            return utf8;
        }
        byte[] utf16 = new byte[1 + 2 * secret.length()];
        utf16[0] = (byte) 0xff;
        for (int i = 0; i < secret.length(); i++) {
            utf16[1 + 2 * i] = (byte) (secret.charAt(i) >>> 8);
            utf16[2 + 2 * i] = (byte) secret.charAt(i);
        }
        return utf16;
    }

    /** Of what {@link #redisKey} gives; null for what it does not. */
    public static @Nullable SessionKey ofRedisKey(String key, String prefix) {
        String before = prefix + "session:{";
        int close = before.length() + TAG_LENGTH;
        return key.startsWith(before) && key.startsWith("}:", close)
                ? new SessionKey(key.substring(before.length(), close), key.substring(close + 2))
                : null;
    }

    /** As Redis knows it, behind the prefix of all keys. */
    public byte[] redisKey(String prefix) {
        return (prefix + "session:{" + tag + "}:" + hash).getBytes(UTF_8);
    }

    /** For logs: enough to tell sessions apart. */
    @Override
    public String toString() {
        return "session " + hash.substring(0, TAG_LENGTH);
    }
}
