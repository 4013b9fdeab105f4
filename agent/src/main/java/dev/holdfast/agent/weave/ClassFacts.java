package dev.holdfast.agent.weave;

import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** What a class file declares, without the code. */
final class ClassFacts {

    /** A field or a method; a field has no annotations here. */
    record Member(int access, String name, String descriptor, List<Annotation> annotations) {

        boolean is(int flag) {
            return (access & flag) != 0;
        }

        String signature() {
            return name + descriptor;
        }
    }

    private static final List<String> GENERATED = List.of(
            "$$EnhancerBy", // CGLIB
            "$$FastClassBy",
            "$$KeyFactoryBy",
            "$$SpringCGLIB$$",
            "$MockitoMock$",
            "$ByteBuddy$",
            "$HibernateProxy",
            "$$_javassist",
            "_$$_jvst",
            "_$$_Weld", // CDI: Weld, OpenWebBeans, Arc
            "$$OwbNormalScopeProxy",
            "$$OwbInterceptProxy",
            "_ClientProxy",
            "$Definition$Intercepted", // Micronaut
            "$$Lambda",
            "/$Proxy"); // java.lang.reflect.Proxy

    private final int version;
    private final int access;
    private final String name;
    private final String superName;
    private final List<String> interfaces;
    private final List<Annotation> annotations = new ArrayList<>();
    private final List<Member> fields = new ArrayList<>();
    private final List<Member> methods = new ArrayList<>();
    private int reflectedAccess;

    private ClassFacts(ClassReader reader) {
        version = reader.readUnsignedShort(6);
        access = reader.getAccess();
        name = reader.getClassName();
        String above = reader.getSuperName();
        superName = above == null ? "" : above;
        interfaces = List.of(reader.getInterfaces());
        reflectedAccess = access;
    }

    static ClassFacts of(ClassReader reader) {
        ClassFacts facts = new ClassFacts(reader);
        reader.accept(facts.new Collector(), ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return facts;
    }

    /** The major version of the class file. */
    int version() {
        return version;
    }

    /** The internal name. */
    String name() {
        return name;
    }

    /** The internal name; empty for {@link Object}, and for a module. */
    String superName() {
        return superName;
    }

    List<String> interfaces() {
        return interfaces;
    }

    List<Annotation> annotations() {
        return annotations;
    }

    List<Member> fields() {
        return fields;
    }

    List<Member> methods() {
        return methods;
    }

    boolean is(int flag) {
        return (access & flag) != 0;
    }

    /** The modifiers that {@link Class#getModifiers} tells: those of a nested class stand beside it. */
    int reflectedAccess() {
        return reflectedAccess;
    }

    boolean declaresMethod(String methodName, String descriptor) {
        for (Member method : methods) {
            if (method.name.equals(methodName) && method.descriptor.equals(descriptor)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a library made the class at run time, or a compiler for its own ends. Where such a class bears an annotation, it is a
     * copy of what its superclass says, and a policy would apply twice.
     */
    boolean isGenerated() {
        if (is(Opcodes.ACC_SYNTHETIC)) {
            return true;
        }
        for (String mark : GENERATED) {
            if (name.contains(mark)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a method is one that the compiler gives each enum. Nobody has written it, and the JDK calls it: where it fails, the class
     * is no enum any more for the rest of the JVM's life.
     */
    boolean isOfEveryEnum(Member method) {
        boolean isOne = (method.name() + method.descriptor()).equals("values()[L" + name + ";")
                || (method.name() + method.descriptor()).equals("valueOf(Ljava/lang/String;)L" + name + ";");
        return isOne && is(Opcodes.ACC_ENUM) && method.is(Opcodes.ACC_STATIC);
    }

    private final class Collector extends ClassVisitor {

        Collector() {
            super(Opcodes.ASM9);
        }

        @Override
        public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
            return Annotation.into(annotations, descriptor);
        }

        @Override
        public void visitInnerClass(String inner, String outer, String simpleName, int innerAccess) {
            if (inner.equals(name)) {
                reflectedAccess = innerAccess;
            }
        }

        @Override
        public FieldVisitor visitField(
                int fieldAccess, String fieldName, String descriptor, String signature, Object value) {
            fields.add(new Member(fieldAccess, fieldName, descriptor, List.of()));
            return super.visitField(fieldAccess, fieldName, descriptor, signature, value);
        }

        @Override
        public MethodVisitor visitMethod(
                int methodAccess, String methodName, String descriptor, String signature, String[] exceptions) {
            List<Annotation> borne = new ArrayList<>(2);
            methods.add(new Member(methodAccess, methodName, descriptor, borne));
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public AnnotationVisitor visitAnnotation(String annotation, boolean visible) {
                    return Annotation.into(borne, annotation);
                }
            };
        }
    }
}
