package dev.holdfast.agent.check;

import dev.holdfast.definition.FieldModel;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.TypeModel;
import dev.holdfast.definition.TypeUse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.jar.asm.signature.SignatureReader;
import net.bytebuddy.jar.asm.signature.SignatureVisitor;
import org.jspecify.annotations.Nullable;

/** A class that is known by its class file. Immutable once it is read. */
final class ClassFileType implements TypeModel {

    private static final int API = Opcodes.ASM9;

    private final Program program;
    private final List<String> variables = new ArrayList<>();
    private final List<TypeUse> interfaces = new ArrayList<>();
    private final List<MethodModel> methods = new ArrayList<>();
    private final List<FieldModel> fields = new ArrayList<>();

    /** Of the class's own type variables, what bounds them. */
    private final Map<String, Type> bounds = new HashMap<>();

    private String name = "";
    private int modifiers;
    private boolean member;
    private @Nullable TypeUse superclass;

    private ClassFileType(Program program) {
        this.program = program;
    }

    /**
     * Reads it.
     *
     * @param program where it looks for others
     * @throws RuntimeException if it is none that can be read
     */
    static ClassFileType read(byte[] classFile, Program program) {
        ClassFileType type = new ClassFileType(program);
        new ClassReader(classFile)
                // Not SKIP_DEBUG: the names of parameters that -parameters asks for count as that.
                .accept(type.new Reader(), ClassReader.SKIP_CODE);
        return type;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int modifiers() {
        return modifiers;
    }

    @Override
    public boolean isMember() {
        return member;
    }

    @Override
    public @Nullable TypeUse superclass() {
        return superclass;
    }

    @Override
    public List<TypeUse> interfaces() {
        return interfaces;
    }

    @Override
    public List<String> variables() {
        return variables;
    }

    @Override
    public List<MethodModel> methods() {
        return methods;
    }

    @Override
    public List<FieldModel> fields() {
        return fields;
    }

    @Override
    public @Nullable TypeModel find(String wanted) {
        return program.type(wanted);
    }

    /** A container may provide what is not among the files. */
    @Override
    public boolean seesAll() {
        return false;
    }

    /** The method of that name and descriptor. */
    MethodModel method(String method, String descriptor) {
        for (MethodModel one : methods) {
            if (one.name().equals(method) && descriptor(one).equals(descriptor)) {
                return one;
            }
        }
        throw new IllegalArgumentException(name + " has no method " + method + descriptor);
    }

    private static String descriptor(MethodModel method) {
        StringBuilder descriptor = new StringBuilder("(");
        for (TypeUse parameter : method.parameters()) {
            descriptor.append(descriptor(parameter));
        }
        return descriptor.append(')').append(descriptor(method.result())).toString();
    }

    private static String descriptor(TypeUse type) {
        String element =
                switch (type.name()) {
                    case "boolean" -> "Z";
                    case "byte" -> "B";
                    case "short" -> "S";
                    case "char" -> "C";
                    case "int" -> "I";
                    case "long" -> "J";
                    case "float" -> "F";
                    case "double" -> "D";
                    case "void" -> "V";
                    default -> "L" + type.name().replace('.', '/') + ";";
                };
        return "[".repeat(type.dimensions()) + element;
    }

    private static TypeUse use(Type type) {
        return type.getSort() == Type.ARRAY
                ? TypeUse.of(type.getElementType().getClassName(), type.getDimensions())
                : TypeUse.of(type.getClassName(), 0);
    }

    private static List<TypeUse> uses(Type[] types) {
        List<TypeUse> uses = new ArrayList<>();
        for (Type type : types) {
            uses.add(use(type));
        }
        return uses;
    }

    private final class Reader extends ClassVisitor {

        private String internalName = "";

        Reader() {
            super(API);
        }

        @Override
        public void visit(
                int version,
                int access,
                String internalName,
                @Nullable String signature,
                @Nullable String superName,
                String @Nullable [] interfaceNames) {
            this.internalName = internalName;
            name = Type.getObjectType(internalName).getClassName();
            modifiers = access & 0xffff & ~Opcodes.ACC_SUPER;
            List<TypeUse> above = new ArrayList<>();
            if (superName != null && (access & Opcodes.ACC_INTERFACE) == 0) {
                above.add(use(Type.getObjectType(superName)));
            }
            for (String one : interfaceNames == null ? new String[0] : interfaceNames) {
                above.add(use(Type.getObjectType(one)));
            }
            if (signature != null) {
                Signature generic = new Signature();
                new SignatureReader(signature).accept(generic);
                bounds.putAll(generic.bounds);
                generic.bounds.keySet().forEach(variable -> variables.add(name + "." + variable));
                int skipped = (access & Opcodes.ACC_INTERFACE) == 0 ? 0 : 1; // an interface's signature names Object
                for (int i = 0; i < above.size() && i + skipped < generic.types.size(); i++) {
                    TypeUse declared = generic.types.get(i + skipped).use();
                    if (declared.name().equals(above.get(i).name())) {
                        above.set(i, declared);
                    }
                }
            }
            if ((access & Opcodes.ACC_INTERFACE) == 0 && superName != null) {
                superclass = above.remove(0);
            }
            interfaces.addAll(above);
        }

        @Override
        public void visitInnerClass(String inner, @Nullable String outer, @Nullable String simpleName, int access) {
            if (inner.equals(internalName)) {
                modifiers = access & 0xffff; // of the class file itself, a member's are not those of its source
                member = outer != null;
            }
        }

        @Override
        public @Nullable FieldVisitor visitField(
                int access, String field, String descriptor, @Nullable String signature, @Nullable Object value) {
            fields.add(new FieldModel(ClassFileType.this, field, use(Type.getType(descriptor)), access & 0xffff));
            return null;
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String method,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            List<TypeUse> parameters = uses(Type.getArgumentTypes(descriptor));
            TypeUse result = use(Type.getReturnType(descriptor));
            if (signature != null) {
                Signature generic = new Signature();
                new SignatureReader(signature).accept(generic);
                // A constructor's signature leaves out what the compiler has added.
                if (generic.types.size() == parameters.size()) {
                    for (int i = 0; i < parameters.size(); i++) {
                        parameters.set(i, generic.types.get(i).over(parameters.get(i)));
                    }
                }
                if (generic.result != null) {
                    result = generic.result.over(result);
                }
            }
            int count = parameters.size();
            List<String> names = new ArrayList<>(Collections.nCopies(count, ""));
            TypeUse returned = result;
            return new MethodVisitor(API) {
                private int at;

                @Override
                public void visitParameter(@Nullable String parameter, int parameterAccess) {
                    if (at < count && parameter != null) {
                        names.set(at, parameter);
                    }
                    at++;
                }

                @Override
                public void visitEnd() {
                    if (!method.equals("<clinit>")) {
                        methods.add(new MethodModel(
                                ClassFileType.this, method, parameters, returned, access & 0xffff, names));
                    }
                }
            };
        }
    }

    /** The parts of a generic signature: bounds of the type variables, parameters or supertypes in order, and a result. */
    private final class Signature extends SignatureVisitor {

        final Map<String, Type> bounds = new LinkedHashMap<>();
        final List<Part> types = new ArrayList<>();

        @Nullable
        Part result;

        private String variable = "";

        Signature() {
            super(API);
        }

        @Override
        public void visitFormalTypeParameter(String formal) {
            variable = formal;
            bounds.put(formal, Type.getType(Object.class));
        }

        @Override
        public SignatureVisitor visitClassBound() {
            return bound();
        }

        @Override
        public SignatureVisitor visitInterfaceBound() {
            return bound();
        }

        /** The first one counts, as for the erasure. */
        private SignatureVisitor bound() {
            String bounded = variable;
            Part part = new Part(this);
            return part.then(() -> {
                Type erasure = part.erasure();
                if (erasure != null && Type.getType(Object.class).equals(bounds.get(bounded))) {
                    bounds.put(bounded, erasure);
                }
            });
        }

        @Override
        public SignatureVisitor visitSuperclass() {
            return added();
        }

        @Override
        public SignatureVisitor visitInterface() {
            return added();
        }

        @Override
        public SignatureVisitor visitParameterType() {
            return added();
        }

        private Part added() {
            Part part = new Part(this);
            types.add(part);
            return part;
        }

        @Override
        public SignatureVisitor visitReturnType() {
            Part part = new Part(this);
            result = part;
            return part;
        }

        /** Whether the variable is the method's own. */
        boolean declares(String name) {
            return bounds.containsKey(name);
        }

        @Nullable
        Type bound(String name) {
            Type own = bounds.get(name);
            return own == null ? ClassFileType.this.bounds.get(name) : own;
        }
    }

    /** One type of a signature. */
    private final class Part extends SignatureVisitor {

        private final Signature within;
        private final List<Part> arguments = new ArrayList<>();
        private int dimensions;
        private @Nullable Type type;
        private @Nullable String variable;
        private Runnable then = () -> {};

        Part(Signature within) {
            super(API);
            this.within = within;
        }

        Part then(Runnable done) {
            then = done;
            return this;
        }

        @Override
        public void visitBaseType(char descriptor) {
            type = Type.getType(String.valueOf(descriptor));
            then.run();
        }

        @Override
        public void visitTypeVariable(String name) {
            variable = name;
            type = within.bound(name);
            then.run();
        }

        @Override
        public SignatureVisitor visitArrayType() {
            dimensions++;
            return this;
        }

        @Override
        public void visitClassType(String internalName) {
            type = Type.getObjectType(internalName);
        }

        @Override
        public void visitInnerClassType(String simpleName) {
            Type outer = type;
            type = outer == null ? null : Type.getObjectType(outer.getInternalName() + "$" + simpleName);
            arguments.clear();
        }

        @Override
        public void visitTypeArgument() {
            Part any = new Part(within);
            any.type = Type.getType(Object.class);
            arguments.add(any);
        }

        @Override
        public SignatureVisitor visitTypeArgument(char wildcard) {
            Part argument = new Part(within);
            if (wildcard == SUPER) {
                Part any = new Part(within);
                any.type = Type.getType(Object.class);
                arguments.add(any);
            } else {
                arguments.add(argument);
            }
            return argument;
        }

        @Override
        public void visitEnd() {
            then.run();
        }

        @Nullable
        Type erasure() {
            return dimensions == 0 ? type : null;
        }

        /** With variables and arguments of its own. */
        TypeUse use() {
            Type known = type;
            TypeUse erased = known == null ? TypeUse.of("java.lang.Object", 0) : ClassFileType.use(known);
            List<TypeUse> uses = new ArrayList<>();
            for (Part argument : arguments) {
                uses.add(argument.use());
            }
            return new TypeUse(erased.name(), erased.dimensions() + dimensions, ofClass(), uses);
        }

        /** The same, where what is left of it in the class file is known. */
        TypeUse over(TypeUse erased) {
            return new TypeUse(erased.name(), erased.dimensions(), ofClass(), use().arguments());
        }

        private @Nullable String ofClass() {
            return variable == null || within.declares(variable) ? null : name + "." + variable;
        }
    }
}
