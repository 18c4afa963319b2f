// Generated from server_ext/mlplayground_server/openapi.yaml by `npm run generate`. Do not edit.
/* eslint-disable */

export interface paths {
    "/mlplayground/api/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that the sidebar shows. Also hands out the `_xsrf` cookie. */
        get: operations["getState"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mlplayground/api/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set some of the learner's preferences; those not named stay as they are. */
        put: operations["putPreferences"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mlplayground/api/hints/{hint}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `hint` of one of the state's hints. */
                hint: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what became of a hint; `next` brings its next rung. */
        post: operations["answerHint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mlplayground/api/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Take one file, of any size up to the state's `upload_limit`. */
        put: operations["putUpload"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mlplayground/api/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** For how long a panel was visible; sent as a beacon when the page closes. */
        post: operations["postView"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mlplayground/api/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything of the learner, as a zip. */
        get: operations["getExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mlplayground/api/forget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Delete everything of the learner, for good. */
        post: operations["postForget"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        State: {
            /** @description Version of the server extension. */
            version: string;
            /** @description The newest event in this state. */
            seq: number;
            user: string;
            /** @description Where the learner's files are. */
            home: string;
            /** @description Which database, without any password. */
            database: string;
            /** @description Bytes that one file may have. */
            upload_limit: number;
            recording: components["schemas"]["Recording"];
            open_everything: boolean;
            /** @description The learner's stage, as the coach sees it. */
            stage: string;
            apps: components["schemas"]["App"][];
            next: components["schemas"]["NextStep"] | null;
            hints: components["schemas"]["Hint"][];
        };
        Recording: {
            /** @description Whether how the learner works is recorded now. */
            on: boolean;
            /** @description False where DO_NOT_TRACK forbids it. */
            allowed: boolean;
            /** @description Whether the learner has answered the first-run notice. */
            decided: boolean;
        };
        App: {
            id: string;
            title: string;
            summary: string;
            track: string;
            /** @description The notebook's file name in the curriculum. */
            notebook: string;
            steps: components["schemas"]["Step"][];
            done: number;
            total: number;
            locked: boolean;
            lock_reason: string | null;
        };
        Step: {
            id: string;
            title: string;
            goal: string;
            done: boolean;
        };
        NextStep: {
            app: string;
            step: string;
            title: string;
            reason: string;
            notebook: string;
        };
        Hint: {
            hint: string;
            rung: number;
            rungs: number;
            /** @description Plain text; whoever shows it escapes it. */
            text: string;
            app: string | null;
            step: string | null;
            /** @description ISO 8601, UTC. */
            time: string;
        };
        Preferences: {
            recording?: boolean;
            open_everything?: boolean;
        };
        HintAnswer: {
            /** @enum {string} */
            action: "next" | "helped" | "not_helpful" | "dismissed";
        };
        View: {
            /** @description app/step */
            panel: string;
            seconds: number;
        };
        Upload: {
            /** @description What `workspace.take_upload` takes. */
            upload: string;
            bytes: number;
            /** @description The name under which the file is kept. */
            name: string;
        };
        Forget: {
            /** @description The learner's name, typed to confirm. */
            user: string;
        };
        Written: {
            seq: number;
        };
        ErrorEnvelope: {
            error: {
                /** @description A word for programs. */
                code: string;
                /** @description A sentence for people. */
                message: string;
                /** @description What to do about it, or empty. */
                hint: string;
            };
        };
    };
    responses: {
        /** @description Kept; `seq` is the journal's newest event. */
        Written: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Written"];
            };
        };
        /** @description What went wrong, in a sentence for the learner. */
        Error: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type State = components['schemas']['State'];
export type Recording = components['schemas']['Recording'];
export type App = components['schemas']['App'];
export type Step = components['schemas']['Step'];
export type NextStep = components['schemas']['NextStep'];
export type Hint = components['schemas']['Hint'];
export type Preferences = components['schemas']['Preferences'];
export type HintAnswer = components['schemas']['HintAnswer'];
export type View = components['schemas']['View'];
export type Upload = components['schemas']['Upload'];
export type Forget = components['schemas']['Forget'];
export type Written = components['schemas']['Written'];
export type ErrorEnvelope = components['schemas']['ErrorEnvelope'];
export type ResponseWritten = components['responses']['Written'];
export type ResponseError = components['responses']['Error'];
export type $defs = Record<string, never>;
export interface operations {
    getState: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The state, as of the event `seq`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["State"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    putPreferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Preferences"];
            };
        };
        responses: {
            200: components["responses"]["Written"];
            default: components["responses"]["Error"];
        };
    };
    answerHint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `hint` of one of the state's hints. */
                hint: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HintAnswer"];
            };
        };
        responses: {
            200: components["responses"]["Written"];
            default: components["responses"]["Error"];
        };
    };
    putUpload: {
        parameters: {
            query: {
                /** @description The file's name as the learner knows it; a path is cut down to its last part. */
                name: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description The file lies in the learner's stash. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    postView: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["View"];
            };
        };
        responses: {
            200: components["responses"]["Written"];
            default: components["responses"]["Error"];
        };
    };
    getExport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The archive. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": string;
                };
            };
            default: components["responses"]["Error"];
        };
    };
    postForget: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Forget"];
            };
        };
        responses: {
            /** @description Nothing of the learner is left. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Forget"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
}
