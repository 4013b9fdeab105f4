package dev.holdfast.agent.weave;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A class file read by hand, just as far as it takes to tell which annotations it bears. Every class that the JVM loads comes by
 * here, so the first look is one walk over the constant pool without an allocation; the members are walked only in files that have
 * annotations at all.
 *
 * <p>A damaged file may end in an {@link IndexOutOfBoundsException} anywhere; {@link #firstLook} alone catches its own.
 */
final class ClassBytes {

    private static final int ACC_ANNOTATION = 0x2000;

    /** Values nest as deep as someone wrote them; what goes deeper is a file made to overflow the stack. */
    private static final int DEEPEST = 200;

    private static final byte[] VISIBLE = bytes("RuntimeVisibleAnnotations");
    private static final byte[] INVISIBLE = bytes("RuntimeInvisibleAnnotations");
    private static final byte[][] WANTED = wanted();
    private static final boolean[] WANTED_LENGTH = wantedLengths();

    /** What is at home in these packages is not a composed annotation, and need not be looked up. */
    private static final byte[][] WELL_KNOWN = {
        bytes("Landroid/"),
        bytes("Landroidx/"),
        bytes("Lcom/fasterxml/"),
        bytes("Lcom/google/auto/"),
        bytes("Lcom/google/common/"),
        bytes("Lcom/google/errorprone/"),
        bytes("Lcom/google/gson/"),
        bytes("Lcom/google/inject/"),
        bytes("Lcom/google/j2objc/"),
        bytes("Lcom/sun/"),
        bytes("Ldev/holdfast/"),
        bytes("Ledu/umd/cs/findbugs/"),
        bytes("Lgroovy/"),
        bytes("Lio/micrometer/"),
        bytes("Lio/micronaut/"),
        bytes("Lio/opentelemetry/"),
        bytes("Lio/quarkus/"),
        bytes("Lio/swagger/"),
        bytes("Ljakarta/"),
        bytes("Ljava/"),
        bytes("Ljavax/"),
        bytes("Ljdk/"),
        bytes("Lkotlin/"),
        bytes("Lkotlinx/"),
        bytes("Llombok/"),
        bytes("Lnet/bytebuddy/"),
        bytes("Lorg/apiguardian/"),
        bytes("Lorg/aspectj/"),
        bytes("Lorg/assertj/"),
        bytes("Lorg/checkerframework/"),
        bytes("Lorg/codehaus/"),
        bytes("Lorg/eclipse/microprofile/"),
        bytes("Lorg/hibernate/"),
        bytes("Lorg/immutables/"),
        bytes("Lorg/jboss/"),
        bytes("Lorg/jetbrains/"),
        bytes("Lorg/jspecify/"),
        bytes("Lorg/junit/"),
        bytes("Lorg/mapstruct/"),
        bytes("Lorg/mockito/"),
        bytes("Lorg/springframework/"),
        bytes("Lorg/testng/"),
        bytes("Lscala/"),
        bytes("Lsun/"),
    };

    private final byte[] file;
    private final int poolEnd;
    private final boolean namesKind;
    private final boolean annotated;

    private ClassBytes(byte[] file, int poolEnd, boolean namesKind, boolean annotated) {
        this.file = file;
        this.poolEnd = poolEnd;
        this.namesKind = namesKind;
        this.annotated = annotated;
    }

    /** Walks the constant pool; null for what is not a class file, and for one that can bear no annotation of interest. */
    static @Nullable ClassBytes firstLook(byte[] file) {
        if (file.length < 24 || file[0] != (byte) 0xCA || file[1] != (byte) 0xFE || file[2] != (byte) 0xBA) {
            return null;
        }
        try {
            boolean namesKind = false;
            boolean annotated = false;
            int count = u2(file, 8);
            int at = 10;
            for (int i = 1; i < count; i++) {
                switch (file[at]) {
                    case 1 -> {
                        int length = u2(file, at + 1);
                        int start = at + 3;
                        if (length < WANTED_LENGTH.length && WANTED_LENGTH[length]) {
                            switch (wanted(file, start, length)) {
                                case -1 -> {}
                                case 0, 1 -> annotated = true;
                                default -> namesKind = true;
                            }
                        }
                        at = start + length;
                    }
                    case 7, 8, 16, 19, 20 -> at += 3;
                    case 15 -> at += 4;
                    case 3, 4, 9, 10, 11, 12, 17, 18 -> at += 5;
                    case 5, 6 -> {
                        at += 9;
                        i++;
                    }
                    default -> {
                        return null;
                    }
                }
            }
            return annotated ? new ClassBytes(file, at, namesKind, true) : null;
        } catch (IndexOutOfBoundsException damaged) {
            return null; // the JVM will say so better
        }
    }

    /** Whether the constant pool has the descriptor of one of Holdfast's annotations: true is likely, false is certain. */
    boolean namesKind() {
        return namesKind;
    }

    /** All of it; not to be changed. */
    byte[] file() {
        return file;
    }

    boolean isAnnotationType() {
        return (u2(file, poolEnd) & ACC_ANNOTATION) != 0;
    }

    /** The descriptor of the class itself. */
    String descriptor() {
        int[] pool = pool();
        int name = pool[u2(file, pool[u2(file, poolEnd + 2)] + 1)];
        return "L" + text(name + 3, u2(file, name + 1)) + ";";
    }

    /** The types of the annotations on the class and on its methods, well-known ones that are none of ours left out. */
    List<String> annotations() {
        return annotations(true);
    }

    /** The same, of the class alone. */
    List<String> annotationsOfClass() {
        return annotations(false);
    }

    private List<String> annotations(boolean ofMethods) {
        List<String> found = new ArrayList<>();
        if (!annotated) {
            return found;
        }
        int[] pool = pool();
        int at = poolEnd + 6;
        at += 2 + 2 * u2(file, at);
        at = members(at, pool, null);
        at = members(at, pool, ofMethods ? found : null);
        attributes(at, pool, found);
        return found;
    }

    /** Passes the fields or the methods, and gives where they end. */
    private int members(int at, int[] pool, @Nullable List<String> found) {
        int count = u2(file, at);
        at += 2;
        for (int i = 0; i < count; i++) {
            at = attributes(at + 6, pool, found);
        }
        return at;
    }

    private int attributes(int at, int[] pool, @Nullable List<String> found) {
        int count = u2(file, at);
        at += 2;
        for (int i = 0; i < count; i++) {
            int name = pool[u2(file, at)];
            if (found != null) {
                int length = u2(file, name + 1);
                if (is(VISIBLE, file, name + 3, length) || is(INVISIBLE, file, name + 3, length)) {
                    annotationList(at + 6, pool, found);
                }
            }
            int size = u2(file, at + 2) << 16 | u2(file, at + 4);
            at = Objects.checkFromIndexSize(at + 6, size, file.length) + size;
        }
        return at;
    }

    private void annotationList(int at, int[] pool, List<String> found) {
        int count = u2(file, at);
        at += 2;
        for (int i = 0; i < count; i++) {
            int type = pool[u2(file, at)];
            int length = u2(file, type + 1);
            if (wanted(file, type + 3, length) >= 0 || !wellKnown(type + 3, length)) {
                String descriptor = text(type + 3, length);
                if (!found.contains(descriptor)) {
                    found.add(descriptor);
                }
            }
            at = pastAnnotation(at, 0);
        }
    }

    private int pastAnnotation(int at, int depth) {
        int pairs = u2(file, at + 2);
        at += 4;
        for (int i = 0; i < pairs; i++) {
            at = pastValue(at + 2, depth);
        }
        return at;
    }

    private int pastValue(int at, int depth) {
        Objects.checkIndex(depth, DEEPEST);
        switch (file[at]) {
            case 'e' -> {
                return at + 5;
            }
            case '@' -> {
                return pastAnnotation(at + 1, depth + 1);
            }
            case '[' -> {
                int count = u2(file, at + 1);
                at += 3;
                for (int i = 0; i < count; i++) {
                    at = pastValue(at, depth + 1);
                }
                return at;
            }
            default -> {
                return at + 3;
            }
        }
    }

    /** Where each constant begins. */
    private int[] pool() {
        int[] pool = new int[u2(file, 8)];
        int at = 10;
        for (int i = 1; i < pool.length; i++) {
            pool[i] = at;
            switch (file[at]) {
                case 1 -> at += 3 + u2(file, at + 1);
                case 7, 8, 16, 19, 20 -> at += 3;
                case 15 -> at += 4;
                case 5, 6 -> {
                    at += 9;
                    i++;
                }
                default -> at += 5;
            }
        }
        return pool;
    }

    private boolean wellKnown(int start, int length) {
        for (byte[] prefix : WELL_KNOWN) {
            if (length > prefix.length && file[start + 1] == prefix[1] && startsWith(prefix, file, start)) {
                return true;
            }
        }
        return false;
    }

    /** Decodes a constant, which is in the class file's own variant of UTF-8. */
    private String text(int start, int length) {
        StringBuilder text = new StringBuilder(length);
        int end = start + length;
        for (int at = start; at < end; ) {
            int first = file[at] & 0xFF;
            if (first < 0x80) {
                text.append((char) first);
                at++;
            } else if (first < 0xE0) {
                text.append((char) ((first & 0x1F) << 6 | (file[at + 1] & 0x3F)));
                at += 2;
            } else {
                text.append((char) ((first & 0x0F) << 12 | (file[at + 1] & 0x3F) << 6 | (file[at + 2] & 0x3F)));
                at += 3;
            }
        }
        return text.toString();
    }

    /** The place in {@link #WANTED} of what stands there, or -1. */
    private static int wanted(byte[] file, int start, int length) {
        for (int i = 0; i < WANTED.length; i++) {
            if (is(WANTED[i], file, start, length)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean is(byte[] text, byte[] file, int start, int length) {
        // The last character but one first: it tells more than the first, which is shared by all descriptors.
        return length == text.length && file[start + length - 2] == text[length - 2] && startsWith(text, file, start);
    }

    private static boolean startsWith(byte[] prefix, byte[] file, int start) {
        for (int i = 0; i < prefix.length; i++) {
            if (file[start + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static int u2(byte[] file, int at) {
        return (file[at] & 0xFF) << 8 | (file[at + 1] & 0xFF);
    }

    private static byte[][] wanted() {
        List<byte[]> wanted = new ArrayList<>(List.of(VISIBLE, INVISIBLE));
        for (Kind kind : Kinds.ALL) {
            wanted.add(bytes(kind.descriptor()));
            String container = kind.container();
            if (container != null) {
                wanted.add(bytes(container));
            }
        }
        return wanted.toArray(byte[][]::new);
    }

    private static boolean[] wantedLengths() {
        boolean[] lengths = new boolean[128];
        for (byte[] text : WANTED) {
            lengths[text.length] = true;
        }
        return lengths;
    }

    private static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }
}
