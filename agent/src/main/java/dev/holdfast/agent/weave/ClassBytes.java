package dev.holdfast.agent.weave;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A class file read by hand, just as far as it takes to tell which annotations it bears. Every class that the JVM loads comes by
 * here, so the first look is one walk over the constant pool; the members are walked only in files that have
 * annotations at all. No lambdas and no joined strings in here: the first of either costs as much as scanning a thousand classes.
 *
 * <p>A damaged file may end in an {@link IndexOutOfBoundsException} anywhere; {@link #firstLook} alone catches its own.
 */
final class ClassBytes {

    private static final int ACC_ANNOTATION = 0x2000;

    /** Values nest as deep as someone wrote them; what goes deeper is a file made to overflow the stack. */
    private static final int DEEPEST = 200;

    private static final byte[] VISIBLE = bytes("RuntimeVisibleAnnotations");
    private static final byte[] INVISIBLE = bytes("RuntimeInvisibleAnnotations");
    private static final byte[][] KINDS = kinds();

    /** Whether one of the texts above has this length; texts of other lengths are not looked at. */
    private static final boolean[] READ_LENGTH = lengthsToRead();

    /** How many bytes a constant takes, by its tag; 0 for tags that there are not, and for text, which says itself. */
    private static final byte[] SIZE = {0, 0, 0, 5, 5, 9, 9, 3, 3, 5, 5, 5, 5, 0, 0, 4, 3, 5, 5, 3, 3};

    private static final int TEXT = 1;
    private static final int TWO_PLACES = 9;

    /** What is at home in these packages is not a composed annotation, and need not be looked up. */
    private static final byte[][][] WELL_KNOWN = byFirstLetter(
            "Landroid/",
            "Landroidx/",
            "Lcom/fasterxml/",
            "Lcom/google/auto/",
            "Lcom/google/common/",
            "Lcom/google/errorprone/",
            "Lcom/google/gson/",
            "Lcom/google/inject/",
            "Lcom/google/j2objc/",
            "Lcom/sun/",
            "Ledu/umd/cs/findbugs/",
            "Lgroovy/",
            "Lio/micrometer/",
            "Lio/micronaut/",
            "Lio/opentelemetry/",
            "Lio/quarkus/",
            "Lio/swagger/",
            "Ljakarta/",
            "Ljava/",
            "Ljavax/",
            "Ljdk/",
            "Lkotlin/",
            "Lkotlinx/",
            "Llombok/",
            "Lnet/bytebuddy/",
            "Lorg/apiguardian/",
            "Lorg/aspectj/",
            "Lorg/assertj/",
            "Lorg/checkerframework/",
            "Lorg/codehaus/",
            "Lorg/eclipse/microprofile/",
            "Lorg/hibernate/",
            "Lorg/immutables/",
            "Lorg/jboss/",
            "Lorg/jetbrains/",
            "Lorg/jspecify/",
            "Lorg/junit/",
            "Lorg/mapstruct/",
            "Lorg/mockito/",
            "Lorg/springframework/",
            "Lorg/testng/",
            "Lscala/",
            "Lsun/");

    private final byte[] file;

    /** Where each constant begins; negative for the names of the attributes that hold annotations. */
    private final int[] pool;

    private final int poolEnd;
    private final boolean namesKind;

    private ClassBytes(byte[] file, int[] pool, int poolEnd, boolean namesKind) {
        this.file = file;
        this.pool = pool;
        this.poolEnd = poolEnd;
        this.namesKind = namesKind;
    }

    /** Walks the constant pool; null for what is not a class file, and for one that can bear no annotation of interest. */
    static @Nullable ClassBytes firstLook(byte[] file) {
        if (file.length < 24 || file[0] != (byte) 0xCA || file[1] != (byte) 0xFE || file[2] != (byte) 0xBA) {
            return null;
        }
        try {
            boolean[] readLength = READ_LENGTH;
            byte[] sizes = SIZE;
            boolean namesKind = false;
            boolean annotated = false;
            int[] pool = new int[u2(file, 8)];
            int at = 10;
            // The first thousand classes go through here interpreted, so it calls nothing that it can do without.
            for (int i = 1; i < pool.length; i++) {
                pool[i] = at;
                int tag = file[at];
                if (tag == TEXT) {
                    int length = (file[at + 1] & 0xFF) << 8 | (file[at + 2] & 0xFF);
                    at += 3;
                    if (length < readLength.length && readLength[length]) {
                        if (isAnnotationsAttribute(file, at, length)) {
                            annotated = true;
                            pool[i] = -at;
                        } else {
                            namesKind = namesKind || isKind(file, at, length);
                        }
                    }
                    at += length;
                } else {
                    int size = sizes[tag];
                    if (size == 0) {
                        return null;
                    }
                    if (size == TWO_PLACES) {
                        i++;
                    }
                    at += size;
                }
            }
            return annotated ? new ClassBytes(file, pool, at, namesKind) : null;
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
        int name = pool[u2(file, pool[u2(file, poolEnd + 2)] + 1)];
        return "L".concat(text(name + 3, u2(file, name + 1))).concat(";");
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
        int at = poolEnd + 6;
        at += 2 + 2 * u2(file, at);
        at = members(at, null);
        at = members(at, ofMethods ? found : null);
        attributes(at, found);
        return found;
    }

    /** Passes the fields or the methods, and gives where they end. */
    private int members(int at, @Nullable List<String> found) {
        int count = u2(file, at);
        at += 2;
        for (int i = 0; i < count; i++) {
            at = attributes(at + 6, found);
        }
        return at;
    }

    private int attributes(int at, @Nullable List<String> found) {
        int count = u2(file, at);
        at += 2;
        for (int i = 0; i < count; i++) {
            if (found != null && pool[u2(file, at)] < 0) {
                annotationList(at + 6, found);
            }
            int size = u2(file, at + 2) << 16 | u2(file, at + 4);
            at = Objects.checkFromIndexSize(at + 6, size, file.length) + size;
        }
        return at;
    }

    private void annotationList(int at, List<String> found) {
        int count = u2(file, at);
        at += 2;
        for (int i = 0; i < count; i++) {
            int type = pool[u2(file, at)];
            int length = u2(file, type + 1);
            if (!wellKnown(type + 3, length) || isKind(file, type + 3, length)) {
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

    private boolean wellKnown(int start, int length) {
        int letter = length < 2 ? -1 : file[start + 1] - 'a';
        if (letter < 0 || letter >= WELL_KNOWN.length) {
            return false;
        }
        for (byte[] prefix : WELL_KNOWN[letter]) {
            if (length > prefix.length && startsWith(prefix, file, start)) {
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

    private static boolean isAnnotationsAttribute(byte[] file, int start, int length) {
        return length == VISIBLE.length
                ? startsWith(VISIBLE, file, start)
                : length == INVISIBLE.length && startsWith(INVISIBLE, file, start);
    }

    private static boolean isKind(byte[] file, int start, int length) {
        for (byte[] kind : KINDS) {
            if (length == kind.length && startsWith(kind, file, start)) {
                return true;
            }
        }
        return false;
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

    private static byte[][] kinds() {
        List<byte[]> kinds = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            kinds.add(bytes(kind.descriptor()));
            String container = kind.container();
            if (container != null) {
                kinds.add(bytes(container));
            }
        }
        return kinds.toArray(new byte[0][]);
    }

    private static boolean[] lengthsToRead() {
        boolean[] lengths = new boolean[128];
        lengths[VISIBLE.length] = true;
        lengths[INVISIBLE.length] = true;
        for (byte[] kind : KINDS) {
            lengths[kind.length] = true;
        }
        return lengths;
    }

    private static byte[][][] byFirstLetter(String... prefixes) {
        byte[][][] letters = new byte['z' - 'a' + 1][0][];
        for (String prefix : prefixes) {
            int letter = prefix.charAt(1) - 'a';
            byte[][] same = Arrays.copyOf(letters[letter], letters[letter].length + 1);
            same[same.length - 1] = bytes(prefix);
            letters[letter] = same;
        }
        return letters;
    }

    private static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }
}
