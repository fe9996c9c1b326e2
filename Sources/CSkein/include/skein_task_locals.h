// Where the Swift runtime keeps the task-local values that the running code sees, and how other code comes to see them too.
//
// The values are a list of items, each of which is made by one `withValue`, never changes, and leads to the one around it. What is
// visible is said by one word, the head of the list. It lies in the current task if there is one, and else in a storage that is
// made when it is first needed and that a thread-local word of the runtime leads to:
//
//     current task      ->  AsyncTask { ..., head, ... }
//     fallback storage  ->  Storage { head }
//
// None of this is in the runtime's interface. TaskLocalCalibration.swift finds out where it lies, or else that it does not look
// like this; then every thread gets the view `skein_task_locals_nowhere`, through which there is nothing to be seen or changed.
#pragma once

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: For a thread that forks, or runs what others have forked

/// Where one thread's values are found. It is good on that thread, as long as the thread lives.
typedef struct {
  /// The runtime's word for the task that runs on this thread.
  void *_Nullable const *_Nonnull task;
  /// The runtime's word for the storage that is used when no task runs on this thread.
  void *_Nullable *_Nonnull storage;
  /// Where in a task its head lies, in bytes.
  uintptr_t head;
} skein_task_locals_view;

/// A head that was put in place of another, on the stack of the thread that did it.
typedef struct {
  /// What the runtime takes for a storage. It must come first.
  void *_Nullable head;
  /// Which word was changed, or null if what was to be seen was seen already.
  void *_Nullable *_Nullable place;
  void *_Nullable saved;
} skein_task_locals_frame;

/// Whether the running code may see any values: quicker than to ask for the head.
static inline bool skein_task_locals_any(skein_task_locals_view view) {
  return ((uintptr_t)*view.task | (uintptr_t)*view.storage) != 0;
}

/// The head that the running code sees.
static inline void *_Nullable skein_task_locals_head(skein_task_locals_view view) {
  char *task = (char *)*view.task;
  if (__builtin_expect(task != NULL, 0)) return *(void **)(task + view.head);
  void **storage = (void **)*view.storage;
  return storage ? *storage : NULL;
}

/// Makes this thread see the values of `head` and no others. `frame` stays where it is until `skein_task_locals_end`.
static inline void skein_task_locals_begin(
    skein_task_locals_view view, void *_Nullable head, skein_task_locals_frame *_Nonnull frame) {
  frame->head = head;
  frame->place = NULL;
  // The usual case is that there are no values, neither here nor there. Nothing is written then; so nothing is ever written where
  // the feature is off.
  if (__builtin_expect(skein_task_locals_head(view) == head, 1)) return;
  char *task = (char *)*view.task;
  if (task) {
    frame->place = (void **)(task + view.head);
    frame->saved = *frame->place;
    *frame->place = head;
  } else {
    frame->place = view.storage;
    frame->saved = *frame->place;
    // The runtime frees a storage when it has taken off the last item. Code that takes off what it has put on never takes off
    // `head`, so it never frees a frame. With no head to begin with, it makes and frees a storage of its own.
    *frame->place = head ? frame : NULL;
  }
}

/// Makes this thread see again what it saw before.
static inline void skein_task_locals_end(skein_task_locals_frame *_Nonnull frame) {
  if (__builtin_expect(frame->place == NULL, 1)) return;
  assert(*frame->place == frame->head || (*frame->place == (void *)frame && frame->head != NULL));
  *frame->place = frame->saved;
}

/// A view through which there are no values.
skein_task_locals_view skein_task_locals_nowhere(void);

// MARK: For the calibration

/// Where the two words lie, in all threads alike.
typedef struct {
  /// The system's number for the library (or program) that holds the runtime's thread-local words.
  size_t module;
  /// How far that library's thread-local block lies from the thread's own pointer: the same in all threads if the program is linked
  /// statically, and used only then.
  ptrdiff_t distance;
  /// Where in that library's thread-local block the words lie, and in a task its head, in bytes.
  size_t task, storage, head;
} skein_task_locals_layout;

/// The calling thread's view, if the layout is right.
skein_task_locals_view skein_task_locals_view_here(skein_task_locals_layout layout);

/// The thread-local words of the library that holds the runtime, on the calling thread.
typedef struct {
  size_t module;
  ptrdiff_t distance;
  void *_Nullable const *_Nullable words;
  size_t count;
} skein_task_locals_block;

/// Finds the block, or says that it cannot (`words` is null).
skein_task_locals_block skein_task_locals_block_here(void);

/// Whether there is memory of the program's at all these bytes: what is asked before a word is taken for an address.
bool skein_task_locals_is_memory(uintptr_t address, size_t size);

/// The task that runs on this thread, as the runtime says.
void *_Nullable skein_task_locals_current_task(void);
