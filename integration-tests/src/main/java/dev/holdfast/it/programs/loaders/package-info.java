/** Applications behind class loaders of their own. */
package dev.holdfast.it.programs.loaders;
