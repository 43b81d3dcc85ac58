import { Component, type ReactNode } from 'react';
import { linkTo } from './route.ts';

interface BrokenProps {
  /** Where one is: elsewhere it is tried anew. */
  readonly place: string;
  /** What is lost with it, in a word: "page", "row of latest results". */
  readonly what: string;
  /** Puts aside what the reader typed there, which may be what cannot be shown. */
  readonly onForget?: (() => void) | undefined;
  readonly children: ReactNode;
}

/**
 * What throws while it is drawn takes nothing else away: its place says what happened, and how to go on. Jobs, shelf and
 * address are elsewhere and stay.
 */
export class Broken extends Component<BrokenProps, { readonly error?: Error | undefined }> {
  override state: { readonly error?: Error | undefined } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidUpdate(before: BrokenProps): void {
    if (before.place !== this.props.place) this.setState({ error: undefined });
  }

  override render(): ReactNode {
    const { error } = this.state;
    const { what, onForget, children } = this.props;
    if (!error) return children;
    const again = () => this.setState({ error: undefined });
    return (
      <article className="nowhere broken" role="alert">
        <h1>{`This ${what} could not be shown`}</h1>
        <p>
          Your jobs and pictures are safe: they are on the <a href={linkTo.history()}>shelf</a>, and what runs
          goes on. Try once more, or load the studio anew, as after an update of the server.
        </p>
        <p className="code">{error.message}</p>
        <div className="buttons">
          <button type="button" className="primary" onClick={again}>
            Try once more
          </button>
          <button type="button" onClick={() => location.reload()}>
            Load anew
          </button>
          {onForget && (
            <button
              type="button"
              onClick={() => {
                onForget();
                again();
              }}
            >
              Back to defaults
            </button>
          )}
          <a className="button" href={linkTo.start()}>
            Go to the start
          </a>
        </div>
      </article>
    );
  }
}
