import static net.bytebuddy.jar.asm.Opcodes.*;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Type;

/**
 * Part of the build: takes the JDK's bootstrapped lambdas and record methods out of Holdfast's own classes, and puts plain classes and plain code in
 * their place.
 *
 * <p>The JVM links each lambda, and each record's {@code equals} and {@code hashCode}, when it is first reached: it writes a class, or a dozen of
 * method handles, of which each is a class as well. That is 0.5 ms of CPU for a lambda, and 30 ms for the first record that is compared. A class that
 * is written while the jar is built costs a fifth of a millisecond. As Java:
 *
 * <pre>{@code
 * Runnable after = () -> close(x);                         // before
 * Runnable after = Site$L1.make(x);                        // after
 *
 * final class Site$L1 implements Runnable {                // of Site's nest, so it reaches what is private
 *     private final X x;
 *     static Runnable make(X x) { return new Site$L1(x); }
 *     public void run() { Site.lambda$close$0(x); }
 * }
 * }</pre>
 *
 * A lambda that captures nothing is one object for good, as the JDK has it. What is rare stays as it is: lambdas that are serializable or have several
 * interfaces.
 *
 * <p>{@code java Desugar.java <jar> <jar>}, with ASM on the class path.
 */
public final class Desugar {

    private static final String METAFACTORY = "java/lang/invoke/LambdaMetafactory";
    private static final String RECORD_METHODS = "java/lang/runtime/ObjectMethods";

    /** All that will be in the jar, by name. */
    private final Map<String, byte[]> entries = new TreeMap<>();

    private int lambdas;
    private int records;

    public static void main(String[] arguments) throws IOException {
        Desugar desugar = new Desugar();
        desugar.read(Path.of(arguments[0]));
        desugar.write(Path.of(arguments[1]));
        System.out.println("Desugared " + desugar.lambdas + " lambdas and " + desugar.records + " methods of records");
    }

    /**
     * Its own classes. Those that wrap an application's servlets are defined one by one in a loader that knows them by name; of those at the root
     * of the jar the command line alone has lambdas, and every entry in sight costs each start.
     */
    private static boolean concerns(String entry) {
        return entry.endsWith(".class")
                && entry.startsWith("dev/holdfast/")
                && !entry.startsWith("dev/holdfast/shaded/")
                && !entry.startsWith("dev/holdfast/servlets/")
                && !entry.matches("dev/holdfast/agent/[^/]*");
    }

    private void read(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                try (InputStream content = zip.getInputStream(entry)) {
                    entries.put(entry.getName(), content.readAllBytes());
                }
            }
        }
        Map<String, TreeSet<String>> nests = new TreeMap<>();
        for (String name : new TreeSet<>(entries.keySet())) {
            if (concerns(name)) {
                OneClass one = new OneClass(entries.get(name));
                entries.put(name, one.written());
                if (!one.made.isEmpty()) {
                    one.made.forEach((made, content) -> {
                        if (entries.put(made + ".class", content) != null) {
                            throw new IllegalStateException(made + " is there already");
                        }
                    });
                    nests.computeIfAbsent(one.host, host -> new TreeSet<>()).addAll(one.made.keySet());
                }
            }
        }
        nests.forEach((host, members) -> entries.compute(host + ".class", (name, content) -> joined(content, members)));
    }

    /** The host of a nest says who belongs to it. */
    private static byte[] joined(byte[] host, TreeSet<String> members) {
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(host).accept(
                new ClassVisitor(ASM9, writer) {
                    @Override
                    public void visitEnd() {
                        for (String member : members) {
                            visitNestMember(member);
                        }
                        super.visitEnd();
                    }
                },
                0);
        return writer.toByteArray();
    }

    private void write(Path jar) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(each.getKey());
                CRC32 sum = new CRC32();
                sum.update(each.getValue());
                entry.setMethod(ZipEntry.STORED); // it is unpacked again at once
                entry.setSize(each.getValue().length);
                entry.setCrc(sum.getValue());
                zip.putNextEntry(entry);
                zip.write(each.getValue());
                zip.closeEntry();
            }
        }
    }

    /** A class, and the classes that it gets for its lambdas. */
    private final class OneClass extends ClassVisitor {

        final Map<String, byte[]> made = new TreeMap<>();
        String host = "";

        private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        private String name = "";

        OneClass(byte[] content) {
            super(ASM9);
            cv = writer;
            new ClassReader(content).accept(this, 0);
        }

        byte[] written() {
            return writer.toByteArray();
        }

        @Override
        public void visit(int version, int access, String name, String signature, String parent, String[] interfaces) {
            this.name = name;
            this.host = name;
            super.visit(version, access, name, signature, parent, interfaces);
        }

        @Override
        public void visitNestHost(String host) {
            this.host = host;
            super.visitNestHost(host);
        }

        @Override
        public MethodVisitor visitMethod(int access, String method, String type, String signature, String[] thrown) {
            return new MethodVisitor(ASM9, super.visitMethod(access, method, type, signature, thrown)) {
                @Override
                public void visitLocalVariable(
                        String name, String type, String signature, Label from, Label to, int index) {
                    // A tenth of each class, which the JVM would read for debuggers alone.
                }

                @Override
                public void visitInvokeDynamicInsn(String called, String type, Handle bootstrap, Object... with) {
                    if (bootstrap.getOwner().equals(METAFACTORY) && bootstrap.getName().equals("metafactory")) {
                        lambdas++;
                        String lambda = name + "$L" + (made.size() + 1);
                        made.put(lambda, new Lambda(lambda, host, called, type, with).written());
                        super.visitMethodInsn(INVOKESTATIC, lambda, "make", type, false);
                    } else if (bootstrap.getOwner().equals(RECORD_METHODS)) {
                        records++;
                        writeRecordMethod(mv, called, name, (String) with[1], with);
                    } else {
                        super.visitInvokeDynamicInsn(called, type, bootstrap, with);
                    }
                }
            };
        }
    }

    /**
     * What javac has written around it: the receiver, and for {@code equals} the other object, lie on the stack, and the result is returned. They lie in
     * the first variables as well, so the code goes by these.
     *
     * @param with the record's class, the names of its components, and their getters
     */
    private static void writeRecordMethod(MethodVisitor code, String method, String record, String names, Object[] with) {
        String[] components = names.isEmpty() ? new String[0] : names.split(";");
        switch (method) {
            case "equals" -> {
                code.visitInsn(POP2);
                code.visitVarInsn(ALOAD, 1);
                code.visitTypeInsn(INSTANCEOF, record);
                elseFalse(code, IFNE);
                for (int i = 0; i < components.length; i++) {
                    Type type = Type.getType(((Handle) with[i + 2]).getDesc());
                    code.visitVarInsn(ALOAD, 0);
                    code.visitFieldInsn(GETFIELD, record, components[i], type.getDescriptor());
                    code.visitVarInsn(ALOAD, 1);
                    code.visitTypeInsn(CHECKCAST, record);
                    code.visitFieldInsn(GETFIELD, record, components[i], type.getDescriptor());
                    if (isReference(type)) {
                        code.visitMethodInsn(
                                INVOKESTATIC,
                                "java/util/Objects",
                                "equals",
                                "(Ljava/lang/Object;Ljava/lang/Object;)Z",
                                false);
                        elseFalse(code, IFNE);
                    } else {
                        String both = "(" + type.getDescriptor() + type.getDescriptor() + ")I";
                        code.visitMethodInsn(INVOKESTATIC, box(type), "compare", both, false);
                        elseFalse(code, IFEQ);
                    }
                }
                code.visitInsn(ICONST_1);
            }
            case "hashCode" -> {
                code.visitInsn(POP);
                code.visitInsn(ICONST_0);
                for (int i = 0; i < components.length; i++) {
                    Type type = Type.getType(((Handle) with[i + 2]).getDesc());
                    code.visitIntInsn(BIPUSH, 31);
                    code.visitInsn(IMUL);
                    code.visitVarInsn(ALOAD, 0);
                    code.visitFieldInsn(GETFIELD, record, components[i], type.getDescriptor());
                    if (isReference(type)) {
                        code.visitMethodInsn(
                                INVOKESTATIC, "java/util/Objects", "hashCode", "(Ljava/lang/Object;)I", false);
                    } else {
                        code.visitMethodInsn(
                                INVOKESTATIC, box(type), "hashCode", "(" + type.getDescriptor() + ")I", false);
                    }
                    code.visitInsn(IADD);
                }
            }
            case "toString" -> {
                code.visitInsn(POP);
                String simple = record.substring(Math.max(record.lastIndexOf('/'), record.lastIndexOf('$')) + 1);
                code.visitTypeInsn(NEW, "java/lang/StringBuilder");
                code.visitInsn(DUP);
                code.visitMethodInsn(INVOKESPECIAL, "java/lang/StringBuilder", "<init>", "()V", false);
                for (int i = 0; i < components.length; i++) {
                    Type type = Type.getType(((Handle) with[i + 2]).getDesc());
                    append(code, (i == 0 ? simple + "[" : ", ") + components[i] + "=");
                    code.visitVarInsn(ALOAD, 0);
                    code.visitFieldInsn(GETFIELD, record, components[i], type.getDescriptor());
                    code.visitMethodInsn(
                            INVOKESTATIC,
                            "java/lang/String",
                            "valueOf",
                            "(" + (isReference(type) ? "Ljava/lang/Object;" : widened(type)) + ")Ljava/lang/String;",
                            false);
                    append(code);
                }
                append(code, components.length == 0 ? simple + "[]" : "]");
                code.visitMethodInsn(
                        INVOKEVIRTUAL, "java/lang/StringBuilder", "toString", "()Ljava/lang/String;", false);
            }
            default -> throw new IllegalStateException(record + "." + method);
        }
    }

    /** Goes on if that jump would be taken, else returns false. */
    private static void elseFalse(MethodVisitor code, int jump) {
        Label on = new Label();
        code.visitJumpInsn(jump, on);
        code.visitInsn(ICONST_0);
        code.visitInsn(IRETURN);
        code.visitLabel(on);
        code.visitFrame(F_SAME, 0, null, 0, null);
    }

    private static void append(MethodVisitor code, String text) {
        code.visitLdcInsn(text);
        append(code);
    }

    private static void append(MethodVisitor code) {
        code.visitMethodInsn(
                INVOKEVIRTUAL,
                "java/lang/StringBuilder",
                "append",
                "(Ljava/lang/String;)Ljava/lang/StringBuilder;",
                false);
    }

    private static String widened(Type type) {
        return type.getSort() == Type.BYTE || type.getSort() == Type.SHORT ? "I" : type.getDescriptor();
    }

    /** The class in place of one lambda. */
    private static final class Lambda {

        private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        private final String name;

        /**
         * @param called the interface's method
         * @param type what is captured, and the interface
         * @param with the method's type, what it does, and its type with all variables known
         */
        Lambda(String name, String host, String called, String type, Object[] with) {
            this.name = name;
            Type[] captured = Type.getArgumentTypes(type);
            String implemented = Type.getReturnType(type).getInternalName();
            writer.visit(V17, ACC_FINAL | ACC_SUPER | ACC_SYNTHETIC, name, null, "java/lang/Object", new String[] {
                implemented
            });
            writer.visitNestHost(host);
            writeFields(captured);
            writeMake(captured, type);
            writeMethod(called, (Type) with[0], (Handle) with[1], (Type) with[2], captured);
            writer.visitEnd();
        }

        byte[] written() {
            return writer.toByteArray();
        }

        private void writeFields(Type[] captured) {
            MethodVisitor code =
                    writer.visitMethod(ACC_PRIVATE, "<init>", Type.getMethodDescriptor(Type.VOID_TYPE, captured), null, null);
            code.visitCode();
            code.visitVarInsn(ALOAD, 0);
            code.visitMethodInsn(INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
            int variable = 1;
            for (int i = 0; i < captured.length; i++) {
                FieldVisitor field =
                        writer.visitField(ACC_PRIVATE | ACC_FINAL, "c" + i, captured[i].getDescriptor(), null, null);
                field.visitEnd();
                code.visitVarInsn(ALOAD, 0);
                code.visitVarInsn(captured[i].getOpcode(ILOAD), variable);
                code.visitFieldInsn(PUTFIELD, name, "c" + i, captured[i].getDescriptor());
                variable += captured[i].getSize();
            }
            code.visitInsn(RETURN);
            code.visitMaxs(0, 0);
            code.visitEnd();
        }

        private void writeMake(Type[] captured, String type) {
            if (captured.length == 0) {
                writer.visitField(ACC_PRIVATE | ACC_STATIC | ACC_FINAL, "ONE", "L" + name + ";", null, null)
                        .visitEnd();
                MethodVisitor once = writer.visitMethod(ACC_STATIC, "<clinit>", "()V", null, null);
                once.visitCode();
                writeNew(once, captured);
                once.visitFieldInsn(PUTSTATIC, name, "ONE", "L" + name + ";");
                once.visitInsn(RETURN);
                once.visitMaxs(0, 0);
                once.visitEnd();
            }
            MethodVisitor code = writer.visitMethod(ACC_STATIC, "make", type, null, null);
            code.visitCode();
            if (captured.length == 0) {
                code.visitFieldInsn(GETSTATIC, name, "ONE", "L" + name + ";");
            } else {
                writeNew(code, captured);
            }
            code.visitInsn(ARETURN);
            code.visitMaxs(0, 0);
            code.visitEnd();
        }

        private void writeNew(MethodVisitor code, Type[] captured) {
            code.visitTypeInsn(NEW, name);
            code.visitInsn(DUP);
            int variable = 0;
            for (Type each : captured) {
                code.visitVarInsn(each.getOpcode(ILOAD), variable);
                variable += each.getSize();
            }
            code.visitMethodInsn(
                    INVOKESPECIAL, name, "<init>", Type.getMethodDescriptor(Type.VOID_TYPE, captured), false);
        }

        private void writeMethod(String called, Type erased, Handle does, Type known, Type[] captured) {
            MethodVisitor code = writer.visitMethod(ACC_PUBLIC, called, erased.getDescriptor(), null, null);
            code.visitCode();
            boolean makes = does.getTag() == H_NEWINVOKESPECIAL;
            if (makes) {
                code.visitTypeInsn(NEW, does.getOwner());
                code.visitInsn(DUP);
            }
            Type[] wanted = wanted(does);
            int at = 0;
            for (int i = 0; i < captured.length; i++) {
                code.visitVarInsn(ALOAD, 0);
                code.visitFieldInsn(GETFIELD, name, "c" + i, captured[i].getDescriptor());
                convert(code, captured[i], captured[i], wanted[at++]);
            }
            int variable = 1;
            Type[] passed = erased.getArgumentTypes();
            for (int i = 0; i < passed.length; i++) {
                code.visitVarInsn(passed[i].getOpcode(ILOAD), variable);
                convert(code, passed[i], known.getArgumentTypes()[i], wanted[at++]);
                variable += passed[i].getSize();
            }
            code.visitMethodInsn(opcode(does), does.getOwner(), does.getName(), does.getDesc(), does.isInterface());
            Type result = makes ? Type.getObjectType(does.getOwner()) : Type.getReturnType(does.getDesc());
            Type gives = erased.getReturnType();
            if (gives.getSort() == Type.VOID) {
                if (result.getSort() != Type.VOID) {
                    code.visitInsn(result.getSize() == 2 ? POP2 : POP);
                }
            } else {
                convert(code, result, result, gives);
            }
            code.visitInsn(gives.getOpcode(IRETURN));
            code.visitMaxs(0, 0);
            code.visitEnd();
        }

        /** The receiver, if there is one, and the parameters. */
        private static Type[] wanted(Handle does) {
            Type[] parameters = Type.getArgumentTypes(does.getDesc());
            if (does.getTag() == H_INVOKESTATIC || does.getTag() == H_NEWINVOKESPECIAL) {
                return parameters;
            }
            Type[] all = new Type[parameters.length + 1];
            all[0] = Type.getObjectType(does.getOwner());
            System.arraycopy(parameters, 0, all, 1, parameters.length);
            return all;
        }

        private static int opcode(Handle does) {
            return switch (does.getTag()) {
                case H_INVOKESTATIC -> INVOKESTATIC;
                case H_INVOKEVIRTUAL -> INVOKEVIRTUAL;
                case H_INVOKEINTERFACE -> INVOKEINTERFACE;
                case H_NEWINVOKESPECIAL -> INVOKESPECIAL;
                default -> throw new IllegalStateException("a lambda by a handle of kind " + does.getTag() + ", " + does);
            };
        }

        /**
         * As the language converts between a functional type and what implements it.
         *
         * @param erased what lies on the stack
         * @param known what it is known to be
         */
        private static void convert(MethodVisitor code, Type erased, Type known, Type wanted) {
            if (!isReference(erased)) {
                if (isReference(wanted)) {
                    code.visitMethodInsn(
                            INVOKESTATIC,
                            box(erased),
                            "valueOf",
                            "(" + erased.getDescriptor() + ")L" + box(erased) + ";",
                            false);
                } else {
                    widen(code, erased, wanted);
                }
            } else if (isReference(wanted)) {
                if (!wanted.getInternalName().equals("java/lang/Object") && !wanted.equals(erased)) {
                    code.visitTypeInsn(CHECKCAST, wanted.getInternalName());
                }
            } else {
                Type unboxed = unboxed(known);
                code.visitTypeInsn(CHECKCAST, box(unboxed));
                code.visitMethodInsn(
                        INVOKEVIRTUAL,
                        box(unboxed),
                        unboxed.getClassName() + "Value",
                        "()" + unboxed.getDescriptor(),
                        false);
                widen(code, unboxed, wanted);
            }
        }

        private static void widen(MethodVisitor code, Type from, Type to) {
            if (from.equals(to) || (from.getSort() <= Type.INT && to.getSort() == Type.INT)) {
                return;
            }
            if (from.getSort() <= Type.INT && to.getSort() == Type.LONG) {
                code.visitInsn(I2L);
            } else {
                throw new IllegalStateException("a lambda that widens " + from + " to " + to);
            }
        }
    }

    private static boolean isReference(Type type) {
        return type.getSort() == Type.OBJECT || type.getSort() == Type.ARRAY;
    }

    private static String box(Type type) {
        return switch (type.getSort()) {
            case Type.BOOLEAN -> "java/lang/Boolean";
            case Type.CHAR -> "java/lang/Character";
            case Type.BYTE -> "java/lang/Byte";
            case Type.SHORT -> "java/lang/Short";
            case Type.INT -> "java/lang/Integer";
            case Type.LONG -> "java/lang/Long";
            case Type.FLOAT -> "java/lang/Float";
            case Type.DOUBLE -> "java/lang/Double";
            default -> throw new IllegalStateException(type + " has no box");
        };
    }

    private static Type unboxed(Type box) {
        return switch (box.getInternalName()) {
            case "java/lang/Boolean" -> Type.BOOLEAN_TYPE;
            case "java/lang/Character" -> Type.CHAR_TYPE;
            case "java/lang/Byte" -> Type.BYTE_TYPE;
            case "java/lang/Short" -> Type.SHORT_TYPE;
            case "java/lang/Integer" -> Type.INT_TYPE;
            case "java/lang/Long" -> Type.LONG_TYPE;
            case "java/lang/Float" -> Type.FLOAT_TYPE;
            case "java/lang/Double" -> Type.DOUBLE_TYPE;
            default -> throw new IllegalStateException(box + " is no box");
        };
    }
}
