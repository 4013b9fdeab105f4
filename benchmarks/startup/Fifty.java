import dev.holdfast.Recover;
import java.io.IOException;

/** Calls fifty methods with policies, in five classes. */
public final class Fifty {

    public static void main(String[] arguments) throws IOException {
        new A().all();
        new B().all();
        new C().all();
        new D().all();
        new E().all();
    }

    static final class A {
        void all() throws IOException {
            m0(); m1(); m2(); m3(); m4(); m5(); m6(); m7(); m8(); m9();
        }

        @Recover(attempts = 3, fallback = "other")
        String m0() throws IOException {
            return "A0";
        }

        @Recover(attempts = 3, fallback = "other")
        String m1() throws IOException {
            return "A1";
        }

        @Recover(attempts = 3, fallback = "other")
        String m2() throws IOException {
            return "A2";
        }

        @Recover(attempts = 3, fallback = "other")
        String m3() throws IOException {
            return "A3";
        }

        @Recover(attempts = 3, fallback = "other")
        String m4() throws IOException {
            return "A4";
        }

        @Recover(attempts = 3, fallback = "other")
        String m5() throws IOException {
            return "A5";
        }

        @Recover(attempts = 3, fallback = "other")
        String m6() throws IOException {
            return "A6";
        }

        @Recover(attempts = 3, fallback = "other")
        String m7() throws IOException {
            return "A7";
        }

        @Recover(attempts = 3, fallback = "other")
        String m8() throws IOException {
            return "A8";
        }

        @Recover(attempts = 3, fallback = "other")
        String m9() throws IOException {
            return "A9";
        }

        String other() {
            return "other";
        }
    }

    static final class B {
        void all() throws IOException {
            m0(); m1(); m2(); m3(); m4(); m5(); m6(); m7(); m8(); m9();
        }

        @Recover(attempts = 3, fallback = "other")
        String m0() throws IOException {
            return "B0";
        }

        @Recover(attempts = 3, fallback = "other")
        String m1() throws IOException {
            return "B1";
        }

        @Recover(attempts = 3, fallback = "other")
        String m2() throws IOException {
            return "B2";
        }

        @Recover(attempts = 3, fallback = "other")
        String m3() throws IOException {
            return "B3";
        }

        @Recover(attempts = 3, fallback = "other")
        String m4() throws IOException {
            return "B4";
        }

        @Recover(attempts = 3, fallback = "other")
        String m5() throws IOException {
            return "B5";
        }

        @Recover(attempts = 3, fallback = "other")
        String m6() throws IOException {
            return "B6";
        }

        @Recover(attempts = 3, fallback = "other")
        String m7() throws IOException {
            return "B7";
        }

        @Recover(attempts = 3, fallback = "other")
        String m8() throws IOException {
            return "B8";
        }

        @Recover(attempts = 3, fallback = "other")
        String m9() throws IOException {
            return "B9";
        }

        String other() {
            return "other";
        }
    }

    static final class C {
        void all() throws IOException {
            m0(); m1(); m2(); m3(); m4(); m5(); m6(); m7(); m8(); m9();
        }

        @Recover(attempts = 3, fallback = "other")
        String m0() throws IOException {
            return "C0";
        }

        @Recover(attempts = 3, fallback = "other")
        String m1() throws IOException {
            return "C1";
        }

        @Recover(attempts = 3, fallback = "other")
        String m2() throws IOException {
            return "C2";
        }

        @Recover(attempts = 3, fallback = "other")
        String m3() throws IOException {
            return "C3";
        }

        @Recover(attempts = 3, fallback = "other")
        String m4() throws IOException {
            return "C4";
        }

        @Recover(attempts = 3, fallback = "other")
        String m5() throws IOException {
            return "C5";
        }

        @Recover(attempts = 3, fallback = "other")
        String m6() throws IOException {
            return "C6";
        }

        @Recover(attempts = 3, fallback = "other")
        String m7() throws IOException {
            return "C7";
        }

        @Recover(attempts = 3, fallback = "other")
        String m8() throws IOException {
            return "C8";
        }

        @Recover(attempts = 3, fallback = "other")
        String m9() throws IOException {
            return "C9";
        }

        String other() {
            return "other";
        }
    }

    static final class D {
        void all() throws IOException {
            m0(); m1(); m2(); m3(); m4(); m5(); m6(); m7(); m8(); m9();
        }

        @Recover(attempts = 3, fallback = "other")
        String m0() throws IOException {
            return "D0";
        }

        @Recover(attempts = 3, fallback = "other")
        String m1() throws IOException {
            return "D1";
        }

        @Recover(attempts = 3, fallback = "other")
        String m2() throws IOException {
            return "D2";
        }

        @Recover(attempts = 3, fallback = "other")
        String m3() throws IOException {
            return "D3";
        }

        @Recover(attempts = 3, fallback = "other")
        String m4() throws IOException {
            return "D4";
        }

        @Recover(attempts = 3, fallback = "other")
        String m5() throws IOException {
            return "D5";
        }

        @Recover(attempts = 3, fallback = "other")
        String m6() throws IOException {
            return "D6";
        }

        @Recover(attempts = 3, fallback = "other")
        String m7() throws IOException {
            return "D7";
        }

        @Recover(attempts = 3, fallback = "other")
        String m8() throws IOException {
            return "D8";
        }

        @Recover(attempts = 3, fallback = "other")
        String m9() throws IOException {
            return "D9";
        }

        String other() {
            return "other";
        }
    }

    static final class E {
        void all() throws IOException {
            m0(); m1(); m2(); m3(); m4(); m5(); m6(); m7(); m8(); m9();
        }

        @Recover(attempts = 3, fallback = "other")
        String m0() throws IOException {
            return "E0";
        }

        @Recover(attempts = 3, fallback = "other")
        String m1() throws IOException {
            return "E1";
        }

        @Recover(attempts = 3, fallback = "other")
        String m2() throws IOException {
            return "E2";
        }

        @Recover(attempts = 3, fallback = "other")
        String m3() throws IOException {
            return "E3";
        }

        @Recover(attempts = 3, fallback = "other")
        String m4() throws IOException {
            return "E4";
        }

        @Recover(attempts = 3, fallback = "other")
        String m5() throws IOException {
            return "E5";
        }

        @Recover(attempts = 3, fallback = "other")
        String m6() throws IOException {
            return "E6";
        }

        @Recover(attempts = 3, fallback = "other")
        String m7() throws IOException {
            return "E7";
        }

        @Recover(attempts = 3, fallback = "other")
        String m8() throws IOException {
            return "E8";
        }

        @Recover(attempts = 3, fallback = "other")
        String m9() throws IOException {
            return "E9";
        }

        String other() {
            return "other";
        }
    }
}
