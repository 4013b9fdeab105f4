package dev.holdfast.agent.weave;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * The serialVersionUID that the JVM computes for a class which declares none, by the Java Object Serialization Specification,
 * section 4.6. A wrapper is not synchronized where its method was, and that goes into the number: data written by the class
 * without the agent could not be read with it. So a class to which this happens is given the number that it had.
 */
final class SerialVersion {

    static final String FIELD = "serialVersionUID";

    private static final int CLASS_FLAGS =
            Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL | Opcodes.ACC_INTERFACE | Opcodes.ACC_ABSTRACT;
    private static final int VISIBILITY = Opcodes.ACC_PUBLIC | Opcodes.ACC_PRIVATE | Opcodes.ACC_PROTECTED;
    private static final int FIELD_FLAGS =
            VISIBILITY | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL | Opcodes.ACC_VOLATILE | Opcodes.ACC_TRANSIENT;
    private static final int METHOD_FLAGS = VISIBILITY
            | Opcodes.ACC_STATIC
            | Opcodes.ACC_FINAL
            | Opcodes.ACC_SYNCHRONIZED
            | Opcodes.ACC_NATIVE
            | Opcodes.ACC_ABSTRACT
            | Opcodes.ACC_STRICT;

    private SerialVersion() {}

    /** Whether weaving these methods would change the number. True also for some classes that are not serializable after all. */
    static boolean wouldChange(ClassFacts type, Iterable<Method> woven) {
        boolean free = type.is(Opcodes.ACC_INTERFACE | Opcodes.ACC_ENUM)
                || type.superName().equals("java/lang/Record");
        boolean plain =
                type.superName().equals("java/lang/Object") && type.interfaces().isEmpty();
        if (free || plain) {
            return false;
        }
        for (ClassFacts.Member field : type.fields()) {
            if (field.name().equals(FIELD)) {
                return false;
            }
        }
        for (Method method : woven) {
            if (method.member().is(Opcodes.ACC_SYNCHRONIZED) && !method.member().is(Opcodes.ACC_PRIVATE)) {
                return true;
            }
        }
        return false;
    }

    /** The number of the class as it was written. */
    static long of(ClassFacts type) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(type.name().replace('/', '.'));
            out.writeInt(type.reflectedAccess() & CLASS_FLAGS);
            for (String implemented : type.interfaces().stream().sorted().toList()) {
                out.writeUTF(implemented.replace('/', '.'));
            }
            List<ClassFacts.Member> fields = type.fields().stream()
                    .filter(field ->
                            !field.is(Opcodes.ACC_PRIVATE) || !field.is(Opcodes.ACC_STATIC | Opcodes.ACC_TRANSIENT))
                    .sorted(Comparator.comparing(ClassFacts.Member::name))
                    .toList();
            for (ClassFacts.Member field : fields) {
                write(out, field.name(), field.access() & FIELD_FLAGS, field.descriptor());
            }
            if (type.declaresMethod("<clinit>", "()V")) {
                write(out, "<clinit>", Opcodes.ACC_STATIC, "()V");
            }
            for (ClassFacts.Member constructor : callable(type, true)) {
                write(out, "<init>", constructor.access() & METHOD_FLAGS, dotted(constructor));
            }
            for (ClassFacts.Member method : callable(type, false)) {
                write(out, method.name(), method.access() & METHOD_FLAGS, dotted(method));
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Sha1.firstEightBytes(bytes.toByteArray());
    }

    private static List<ClassFacts.Member> callable(ClassFacts type, boolean constructors) {
        return type.methods().stream()
                .filter(method -> method.name().equals("<init>") == constructors
                        && !method.name().equals("<clinit>")
                        && !method.is(Opcodes.ACC_PRIVATE))
                .sorted(Comparator.comparing(ClassFacts.Member::name).thenComparing(ClassFacts.Member::descriptor))
                .toList();
    }

    private static String dotted(ClassFacts.Member method) {
        return method.descriptor().replace('/', '.');
    }

    private static void write(DataOutputStream out, String name, int flags, String descriptor) throws IOException {
        out.writeUTF(name);
        out.writeInt(flags);
        out.writeUTF(descriptor);
    }

    /**
     * SHA-1 by FIPS 180-4. Not the JDK's: asking for a digest inside a class-file transformer wakes the security providers, which
     * load and verify classes, and one that is set up for approved algorithms only may refuse it.
     */
    private static final class Sha1 {

        private static final int BLOCK = 64;

        /** The first 64 bits of the digest, in the byte order of serialization: the first byte is the lowest. */
        static long firstEightBytes(byte[] message) {
            int[] state = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
            byte[] padded = new byte[((message.length + 8) / BLOCK + 1) * BLOCK];
            System.arraycopy(message, 0, padded, 0, message.length);
            padded[message.length] = (byte) 0x80;
            long bits = message.length * 8L;
            for (int i = 0; i < 8; i++) {
                padded[padded.length - 1 - i] = (byte) (bits >>> (8 * i));
            }
            for (int at = 0; at < padded.length; at += BLOCK) {
                digest(padded, at, state);
            }
            return Long.reverseBytes(((long) state[0] << 32) | (state[1] & 0xFFFFFFFFL));
        }

        private static void digest(byte[] padded, int at, int[] state) {
            int[] words = new int[80];
            for (int i = 0; i < 16; i++) {
                int byteAt = at + 4 * i;
                words[i] = padded[byteAt] << 24
                        | (padded[byteAt + 1] & 0xFF) << 16
                        | (padded[byteAt + 2] & 0xFF) << 8
                        | (padded[byteAt + 3] & 0xFF);
            }
            for (int i = 16; i < 80; i++) {
                words[i] = Integer.rotateLeft(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
            }
            int a = state[0];
            int b = state[1];
            int c = state[2];
            int d = state[3];
            int e = state[4];
            for (int i = 0; i < 80; i++) {
                int mixed =
                        switch (i / 20) {
                            case 0 -> ((b & c) | (~b & d)) + 0x5A827999;
                            case 1 -> (b ^ c ^ d) + 0x6ED9EBA1;
                            case 2 -> ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC;
                            default -> (b ^ c ^ d) + 0xCA62C1D6;
                        };
                int next = Integer.rotateLeft(a, 5) + mixed + e + words[i];
                e = d;
                d = c;
                c = Integer.rotateLeft(b, 30);
                b = a;
                a = next;
            }
            state[0] += a;
            state[1] += b;
            state[2] += c;
            state[3] += d;
            state[4] += e;
        }
    }
}
