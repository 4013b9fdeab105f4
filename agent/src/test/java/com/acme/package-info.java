/** Stands for an application: its annotations are none of a library that the agent knows. */
package com.acme;
