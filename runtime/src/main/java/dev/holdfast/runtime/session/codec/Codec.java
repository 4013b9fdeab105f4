package dev.holdfast.runtime.session.codec;

import java.lang.invoke.MethodHandles;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes bytes of values, and values of bytes, in the place of one class of the application. Each value begins with a byte that tells its form, and one
 * that lies in another does so, too.
 *
 * <p>Records are written by the names of their components, so another version of the class can read them: what it does not know it leaves out, and what
 * it misses is null, 0 or false. Collections and maps come back as what they were, or as
 * such that can be changed, in the same order.
 *
 * <p>Thread-safe.
 */
public final class Codec {

    private final Types types;
    private final Serialization serialization;
    private final LongSupplier most;

    /**
     * A value that was written.
     *
     * @param bytes nobody writes to them any more
     * @param fixed whether nothing can be changed in the value
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    public record Encoded(byte[] bytes, boolean fixed) {}

    /**
     * A value that was read.
     *
     * @param fixed whether nothing can be changed in it, so that it need not be looked at again
     * @param serialized whether something in it was left to Java's serialization, which need not give the same bytes twice
     */
    public record Decoded(@Nullable Object value, boolean fixed, boolean serialized) {}

    /**
     * As a class of the application would do it.
     *
     * @param lookup of that class, which finds others as that class would, and in its module also what is not public
     * @param allowed by binary name, the classes that are left to Java's serialization
     * @param most bytes that one value may take, asked for again and again
     */
    public Codec(MethodHandles.Lookup lookup, Predicate<String> allowed, LongSupplier most) {
        this.most = most;
        this.types = new Types(lookup);
        this.serialization = new Serialization(types, allowed);
    }

    /**
     * Makes bytes of a value.
     *
     * @throws IllegalArgumentException if it cannot be stored; the message, to follow what is meant, says what in it cannot, and what to do
     */
    public Encoded encode(Object value) {
        return encode(value, true, most.getAsLong());
    }

    /**
     * Makes bytes of a value only to compare them: they may be such that no value could be made of them.
     *
     * @param before how many bytes it took before, when it may have been allowed to take more
     * @throws IllegalArgumentException as {@link #encode}, as far as it is found out
     */
    public byte[] sketch(Object value, int before) {
        return encode(value, false, Math.max(most.getAsLong(), 2L * before)).bytes();
    }

    private Encoded encode(Object value, boolean proves, long most) {
        Encoder encoder = new Encoder(types, serialization, proves, most);
        boolean fixed = encoder.write(value, 0);
        return new Encoded(encoder.toBytes(), fixed);
    }

    /** The same number as one of another type, to which it may have changed in another version of a class; null if there is none. */
    public static @Nullable Number convert(Number from, Class<?> to) {
        return Numbers.convert(from, to);
    }

    /**
     * Makes a value of bytes.
     *
     * @throws UnreadableException if that cannot be done
     */
    public Decoded decode(byte[] bytes) throws UnreadableException {
        try {
            Decoder decoder = new Decoder(bytes, types, serialization);
            Object value = decoder.read(0);
            decoder.requireEnd();
            return new Decoded(value, decoder.isFixed(), decoder.isSerialized());
        } catch (StackOverflowError deep) {
            throw new UnreadableException(deep.toString(), null);
        } catch (VirtualMachineError severe) {
            throw severe;
        } catch (RuntimeException | Error damaged) {
            // A date that there is not, the initializer of a class or an assertion that fails: whatever it is, there is
            // no value.
            throw new UnreadableException(damaged.toString(), damaged);
        }
    }
}
