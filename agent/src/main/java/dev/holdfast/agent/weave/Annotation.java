package dev.holdfast.agent.weave;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * An annotation as a class file holds it: only what was written, in the order written, with types and constants as names.
 *
 * @param values by attribute: a boxed primitive, a String, a {@link Type}, a {@link Constant}, an Annotation, or a list of these
 */
record Annotation(String descriptor, Map<String, Object> values) {

    /** A constant of an enum, by its name. */
    record Constant(String name) {}

    /** Reads one while ASM tells it; it is added to the list when the telling is over. */
    static AnnotationVisitor into(List<? super Annotation> list, String descriptor) {
        Map<String, Object> values = new LinkedHashMap<>();
        return new Reader() {
            @Override
            void value(String name, Object value) {
                values.put(name, value);
            }

            @Override
            public void visitEnd() {
                list.add(new Annotation(descriptor, Collections.unmodifiableMap(values)));
            }
        };
    }

    /** As the definition text has it: Java syntax without spaces, simple annotation names, binary class names. */
    String text() {
        StringBuilder text = new StringBuilder();
        write(text);
        return text.toString();
    }

    private void write(StringBuilder text) {
        String name = Type.getType(descriptor).getInternalName();
        text.append('@').append(name, Math.max(name.lastIndexOf('/'), name.lastIndexOf('$')) + 1, name.length());
        text.append('(');
        boolean first = true;
        for (Map.Entry<String, Object> value : values.entrySet()) {
            text.append(first ? "" : ",").append(value.getKey()).append('=');
            write(text, value.getValue());
            first = false;
        }
        text.append(')');
    }

    private static void write(StringBuilder text, Object value) {
        if (value instanceof List<?> list) {
            text.append('{');
            for (int i = 0; i < list.size(); i++) {
                text.append(i == 0 ? "" : ",");
                write(text, list.get(i));
            }
            text.append('}');
        } else if (value instanceof Annotation nested) {
            nested.write(text);
        } else if (value instanceof Constant constant) {
            text.append(constant.name());
        } else if (value instanceof Type type) {
            text.append(type.getClassName()).append(".class");
        } else if (value instanceof Character character) {
            text.append('\'').append(escaped(character.toString())).append('\'');
        } else if (value instanceof String string) {
            text.append('"').append(escaped(string)).append('"');
        } else {
            text.append(value);
        }
    }

    /** Text as it stands between quotes: in one line, without control characters. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 2);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> escaped.append("\\\"");
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (Character.isISOControl(c)) {
                        escaped.append(String.format("\\u%04X", (int) c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.toString();
    }

    /** Turns what ASM tells into values. The elements of an array come without names. */
    private abstract static class Reader extends AnnotationVisitor {

        Reader() {
            super(Opcodes.ASM9);
        }

        abstract void value(String name, Object value);

        @Override
        public void visit(String name, Object value) {
            value(name, value.getClass().isArray() ? listOf(value) : value);
        }

        @Override
        public void visitEnum(String name, String descriptor, String value) {
            value(name, new Constant(value));
        }

        @Override
        public AnnotationVisitor visitAnnotation(String name, String descriptor) {
            List<Annotation> one = new ArrayList<>(1);
            AnnotationVisitor into = into(one, descriptor);
            return new AnnotationVisitor(Opcodes.ASM9, into) {
                @Override
                public void visitEnd() {
                    super.visitEnd();
                    value(name, one.get(0));
                }
            };
        }

        @Override
        public AnnotationVisitor visitArray(String name) {
            List<Object> elements = new ArrayList<>();
            Reader outer = this;
            return new Reader() {
                @Override
                void value(String unnamed, Object element) {
                    elements.add(element);
                }

                @Override
                public void visitEnd() {
                    outer.value(name, Collections.unmodifiableList(elements));
                }
            };
        }

        /** ASM tells arrays of primitives in one go. */
        private static List<Object> listOf(Object array) {
            List<Object> elements = new ArrayList<>();
            for (int i = 0; i < Array.getLength(array); i++) {
                elements.add(Array.get(array, i));
            }
            return Collections.unmodifiableList(elements);
        }
    }
}
