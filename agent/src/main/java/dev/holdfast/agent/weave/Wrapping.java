package dev.holdfast.agent.weave;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.Attribute;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.TypePath;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a class file that parts each chosen method in two: what describes it stays with its name, for the wrapper; its code
 * goes to the body. Everything else is copied byte by byte.
 */
final class Wrapping extends ClassVisitor {

    private final ClassFacts type;
    private final Map<String, Method> chosen;

    private Wrapping(ClassVisitor writer, ClassFacts type, Map<String, Method> chosen) {
        super(Opcodes.ASM9, writer);
        this.type = type;
        this.chosen = chosen;
    }

    /**
     * Gives the woven class file.
     *
     * @throws net.bytebuddy.jar.asm.ClassTooLargeException if the constant pool overflows
     * @throws RuntimeException if ASM cannot make something of a method
     */
    static byte[] apply(ClassReader reader, ClassFacts type, Map<String, Method> chosen) {
        ClassWriter writer = new UnaskingWriter(reader);
        reader.accept(new Wrapping(writer, type, chosen), 0);
        return writer.toByteArray();
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, @Nullable String signature, String @Nullable [] exceptions) {
        Method method = chosen.get(name + descriptor);
        if (method == null) {
            return super.visitMethod(access, name, descriptor, signature, exceptions);
        }
        MethodVisitor wrapper = super.visitMethod(method.wrapperAccess(), name, descriptor, signature, exceptions);
        MethodVisitor body = super.visitMethod(method.bodyAccess(), name + Weaver.BODY, descriptor, null, exceptions);
        return new Parting(wrapper, body, new WrapperCode(type, method));
    }

    @Override
    public void visitEnd() {
        for (Method method : chosen.values()) {
            if (method.isWide()) {
                MethodVisitor spread = super.visitMethod(
                        Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
                        method.member().name() + Weaver.SPREAD,
                        "([Ljava/lang/Object;)Ljava/lang/Object;",
                        null,
                        new String[] {"java/lang/Throwable"});
                new WrapperCode(type, method).writeSpread(spread);
            }
        }
        if (SerialVersion.wouldChange(type, chosen.values())) {
            int access = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL | Opcodes.ACC_SYNTHETIC;
            FieldVisitor field = super.visitField(access, SerialVersion.FIELD, "J", null, SerialVersion.of(type));
            field.visitEnd();
        }
        super.visitEnd();
    }

    /** Tells the wrapper what describes the method, and the body what runs. */
    private static final class Parting extends MethodVisitor {

        private final MethodVisitor wrapper;
        private final WrapperCode code;
        private final List<WrapperCode.Parameter> parameters = new ArrayList<>();
        private boolean inCode;
        private int firstLine;

        Parting(MethodVisitor wrapper, MethodVisitor body, WrapperCode code) {
            super(Opcodes.ASM9, body);
            this.wrapper = wrapper;
            this.code = code;
        }

        @Override
        public void visitParameter(String name, int access) {
            wrapper.visitParameter(name, access);
        }

        @Override
        public AnnotationVisitor visitAnnotationDefault() {
            return wrapper.visitAnnotationDefault();
        }

        @Override
        public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
            return wrapper.visitAnnotation(descriptor, visible);
        }

        @Override
        public AnnotationVisitor visitTypeAnnotation(int typeRef, TypePath path, String descriptor, boolean visible) {
            return wrapper.visitTypeAnnotation(typeRef, path, descriptor, visible);
        }

        @Override
        public void visitAnnotableParameterCount(int count, boolean visible) {
            wrapper.visitAnnotableParameterCount(count, visible);
        }

        @Override
        public AnnotationVisitor visitParameterAnnotation(int parameter, String descriptor, boolean visible) {
            return wrapper.visitParameterAnnotation(parameter, descriptor, visible);
        }

        @Override
        public void visitAttribute(Attribute attribute) {
            (inCode ? mv : wrapper).visitAttribute(attribute);
        }

        @Override
        public void visitCode() {
            inCode = true;
            super.visitCode();
        }

        @Override
        public void visitLineNumber(int line, Label start) {
            firstLine = firstLine == 0 ? line : firstLine;
            super.visitLineNumber(line, start);
        }

        @Override
        public void visitLocalVariable(
                String name, String descriptor, @Nullable String signature, Label start, Label end, int index) {
            parameters.add(new WrapperCode.Parameter(name, descriptor, signature, index));
            super.visitLocalVariable(name, descriptor, signature, start, end, index);
        }

        @Override
        public void visitEnd() {
            super.visitEnd();
            code.writeWrapper(wrapper, firstLine, parameters);
        }
    }

    /** Frames are written by hand, so nobody has a reason to ask how classes are related; if ASM does, the class is left alone. */
    private static final class UnaskingWriter extends ClassWriter {

        UnaskingWriter(ClassReader reader) {
            super(reader, 0);
        }

        @Override
        protected String getCommonSuperClass(String one, String other) {
            throw new IllegalStateException("would have to look up " + one + " and " + other);
        }
    }
}
