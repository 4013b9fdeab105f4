package kinds.policy;

import dev.holdfast.it.programs.kinds.Kinds;
import dev.holdfast.it.programs.kinds.Plan;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Static methods: every primitive, void, objects, arrays, mixes of long and double. */
public final class Statics {

    private static final Object OBJECT = new Object();
    private static final int[] NUMBERS = {1, 2};
    private static final long[][] TABLE = {{1}, {2, 3}};

    @Policy static boolean ofBoolean(boolean a) { Plan.begin(a); boolean r = !a; a = r; Plan.end(); return r; }
    static boolean instead(boolean a) { Plan.instead(a); return a; }

    @Policy static byte ofByte(byte a) { Plan.begin(a); byte r = (byte) (a + 1); a = 0; Plan.end(); return r; }
    static byte instead(byte a) { Plan.instead(a); return -128; }

    @Policy static char ofChar(char a) { Plan.begin(a); char r = (char) (a + 1); a = 0; Plan.end(); return r; }
    static char instead(char a) { Plan.instead(a); return '\uffff'; }

    @Policy static short ofShort(short a) { Plan.begin(a); short r = (short) (a + 1); a = 0; Plan.end(); return r; }
    static short instead(short a) { Plan.instead(a); return -32768; }

    @Policy static int ofInt(int a) { Plan.begin(a); int r = a + 1; a = 0; Plan.end(); return r; }
    static int instead(int a) { Plan.instead(a); return Integer.MIN_VALUE; }

    @Policy static long ofLong(long a) { Plan.begin(a); long r = a + 1; a = 0; Plan.end(); return r; }
    static long instead(long a) { Plan.instead(a); return Long.MIN_VALUE; }

    @Policy static float ofFloat(float a) { Plan.begin(a); float r = a + 1; a = 0; Plan.end(); return r; }
    static float instead(float a) { Plan.instead(a); return Float.NaN; }

    @Policy static double ofDouble(double a) { Plan.begin(a); double r = a + 1; a = 0; Plan.end(); return r; }
    static double instead(double a) { Plan.instead(a); return -0.0; }

    @Policy static void ofVoid() { Plan.begin(); Plan.end(); }
    static void instead() { Plan.instead(); }

    @Policy static void ofVoid(String a, int b) { Plan.begin(a, b); a = null; b = 0; Plan.end(); }
    static void instead(String a, int b) { Plan.instead(a, b); }

    @Policy static String ofString(String a) { Plan.begin(a); String r = a + "1"; a = null; Plan.end(); return r; }
    static String instead(String a) { Plan.instead(a); return null; }

    @Policy static Object ofNull(Object a) { Plan.begin(a); a = OBJECT; Plan.end(); return null; }
    static Object instead(Object a) { Plan.instead(a); return OBJECT; }

    @Policy static int[] ofArray(int[] a) { Plan.begin((Object) a); int[] r = a; a = null; Plan.end(); return r; }
    static int[] instead(int[] a) { Plan.instead((Object) a); return new int[0]; }

    @Policy static long[][] ofTable(long[][] a) { Plan.begin((Object) a); long[][] r = a; a = null; Plan.end(); return r; }
    static long[][] instead(long[][] a) { Plan.instead((Object) a); return null; }

    @Policy static List<String>[] ofGenericArray(List<String>[] a) { Plan.begin((Object) a); List<String>[] r = a; a = null; Plan.end(); return r; }
    static List<String>[] instead(List<String>[] a) { Plan.instead((Object) a); return null; }

    @Policy
    static double mixed(byte a, long b, float c, double d, Object e, char f, double g, int h, long i, boolean j, short k) throws IOException {
        Plan.begin(a, b, c, d, e, f, g, h, i, j, k);
        double r = a + b + c + d + f + g + h + i + (j ? 1 : 0) + k;
        a = 0; b = 0; c = 0; d = 0; e = null; f = 0; g = 0; h = 0; i = 0; j = false; k = 0;
        Plan.end();
        return r;
    }
    static double instead(byte a, long b, float c, double d, Object e, char f, double g, int h, long i, boolean j, short k) throws IOException {
        Plan.instead(a, b, c, d, e, f, g, h, i, j, k);
        return -1;
    }

    @Policy private static long privately(int a, long b) { Plan.begin(a, b); long r = a * b; a = 0; b = 0; Plan.end(); return r; }
    private static long instead(int a, long b) { Plan.instead(a, b); return -1; }

    @Policy public static final synchronized long locked(long a, Object b) {
        if (!Thread.holdsLock(Statics.class)) {
            throw new AssertionError("the monitor is not held");
        }
        Plan.begin(a, b); long r = a; a = 0; b = null; Plan.end(); return r;
    }
    private static long instead(long a, Object b) { Plan.instead(a, b); return -1; }

    @Policy protected static strictfp float strict(float a, float b) { Plan.begin(a, b); float r = a * b; a = 0; b = 0; Plan.end(); return r; }
    protected static float instead(float a, float b) { Plan.instead(a, b); return -1; }

    @Policy static String varargs(String a, Object... more) {
        Plan.begin(a, more); String r = a + Arrays.asList(more); a = null; more = null; Plan.end(); return r;
    }
    static String instead(String a, Object... more) { Plan.instead(a, more); return "instead"; }

    @Policy static String varargs(long a, long... more) {
        Plan.begin(a, more); String r = a + Arrays.toString(more); a = 0; more = null; Plan.end(); return r;
    }
    static String instead(long a, long... more) { Plan.instead(a, more); return "instead"; }

    @SuppressWarnings("unchecked")
    public static void declare(Kinds kinds) throws Exception {
        kinds.kind("boolean", false, true, () -> ofBoolean(true));
        kinds.kind("byte", (byte) -128, (byte) -128, () -> ofByte((byte) 127));
        kinds.kind("char", 'b', '\uffff', () -> ofChar('a'));
        kinds.kind("short", (short) 8, (short) -32768, () -> ofShort((short) 7));
        kinds.kind("int", 8, Integer.MIN_VALUE, () -> ofInt(7));
        kinds.kind("long", Long.MAX_VALUE, Long.MIN_VALUE, () -> ofLong(Long.MAX_VALUE - 1));
        kinds.kind("float", 8f, Float.NaN, () -> ofFloat(7f));
        kinds.kind("double", 8.5, -0.0, () -> ofDouble(7.5));
        kinds.kind("void", () -> ofVoid());
        kinds.kind("void_with_arguments", () -> ofVoid("a", 1));
        kinds.kind("string", "a1", null, () -> ofString("a"));
        kinds.kind("null", null, OBJECT, () -> ofNull(null));
        kinds.kind("array", NUMBERS, new int[0], () -> ofArray(NUMBERS));
        kinds.kind("table", TABLE, null, () -> ofTable(TABLE));
        List<String>[] lists = new List[] {Arrays.asList("a")};
        kinds.kind("generic_array", lists, null, () -> ofGenericArray(lists));
        kinds.kind("mixed", 153.0, -1.0, () -> mixed((byte) 1, 2L, 3f, 4.0, "5", 'a', 6.0, 7, 8L, true, (short) 24));
        kinds.kind("private", 6L, -1L, () -> privately(2, 3L));
        kinds.kind("synchronized", 6L, -1L, () -> locked(6L, "b"));
        kinds.kind("strictfp", 6f, -1f, () -> strict(2f, 3f));
        kinds.kind("varargs", "a[1, 2]", "instead", () -> varargs("a", 1, 2));
        kinds.kind("primitive_varargs", "1[2, 3]", "instead", () -> varargs(1L, 2L, 3L));
    }
}
