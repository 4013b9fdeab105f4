module shop {
    requires dev.holdfast.annotations;
}
