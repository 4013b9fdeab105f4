/** What programs compile against: the annotations of Holdfast, and the exceptions that it throws. */
module dev.holdfast.annotations {
    requires static java.compiler;
    requires static org.jspecify;

    exports dev.holdfast;

    // The agent makes a session the current one of a thread by what programs need not see.
    opens dev.holdfast;

    provides javax.annotation.processing.Processor with
            dev.holdfast.processor.DefinitionProcessor,
            dev.holdfast.processor.OwnAnnotations;
}
