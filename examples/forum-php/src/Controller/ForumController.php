<?php

declare(strict_types=1);

namespace App\Controller;

use App\Database\Comments;
use App\Database\Threads;
use App\Entity\Comment;
use App\Entity\User;
use App\Moderation\Moderation;
use Symfony\Bundle\FrameworkBundle\Controller\AbstractController;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\HttpKernel\Exception\BadRequestHttpException;
use Symfony\Component\Routing\Attribute\Route;

final class ForumController extends AbstractController
{
    private const LONGEST = 5000;

    public function __construct(private readonly Threads $threads, private readonly Comments $comments, private readonly Moderation $moderation)
    {
    }

    #[Route('/', name: 'home', methods: ['GET'])]
    public function home(): Response
    {
        return $this->render('forum/home.html.twig', ['threads' => $this->threads->all()]);
    }

    #[Route('/new', name: 'new_thread', methods: ['GET', 'POST'])]
    public function newThread(Request $request): Response
    {
        $this->denyAccessUnlessGranted('ROLE_MEMBER');
        $title = trim((string) $request->request->get('title'));
        $body = trim((string) $request->request->get('body'));
        $error = null;
        if ($request->isMethod('POST')) {
            $this->guard($request, 'thread');
            $error = $title === '' || mb_strlen($title) > 160 ? 'A title has 1 to 160 characters.' : self::problem($body);
            if ($error === null) {
                return $this->redirectToRoute('thread', ['id' => $this->threads->add($title, $body, $this->user()->id)]);
            }
        }

        return $this->render('forum/new.html.twig', ['title' => $title, 'body' => $body, 'error' => $error], new Response(status: $error === null ? 200 : 422));
    }

    #[Route('/threads/{id}', name: 'thread', requirements: ['id' => '\d{1,9}'], methods: ['GET', 'POST'])]
    public function thread(int $id, Request $request): Response
    {
        $thread = $this->threads->find($id) ?? throw $this->createNotFoundException();
        $body = trim((string) $request->request->get('body'));
        $error = null;
        if ($request->isMethod('POST')) {
            $this->denyAccessUnlessGranted('ROLE_MEMBER');
            $this->guard($request, 'comment');
            $error = self::problem($body);
            if ($error === null) {
                $comment = $this->moderation->post($id, $this->user()->id, $body);

                return $this->redirectToRoute('thread', ['id' => $id, '_fragment' => 'comment-' . $comment]);
            }
        }

        return $this->render('forum/thread.html.twig', [
            'thread' => $thread, 'comments' => $this->comments->ofThread($id), 'body' => $body, 'error' => $error,
        ], new Response(status: $error === null ? 200 : 422));
    }

    /** One comment as it stands, for the script that looks whether it has been decided. */
    #[Route('/comments/{id}', name: 'comment', requirements: ['id' => '\d{1,9}'], methods: ['GET'])]
    public function comment(int $id): Response
    {
        $comment = $this->own($id);

        return new JsonResponse(['state' => $comment->state->value, 'html' => $this->renderView('forum/_comment.html.twig', ['comment' => $comment])], headers: ['Cache-Control' => 'no-store']);
    }

    #[Route('/comments/{id}/appeal', name: 'appeal', requirements: ['id' => '\d{1,9}'], methods: ['POST'])]
    public function appeal(int $id, Request $request): Response
    {
        $comment = $this->own($id);
        $this->guard($request, 'appeal');
        $reason = trim((string) $request->request->get('reason'));
        if ($comment->authorId !== $this->user()->id) {
            throw $this->createAccessDeniedException();
        }
        if ($reason === '' || mb_strlen($reason) > 1000) {
            $this->addFlash('problem', 'Please say in 1 to 1,000 characters why the comment should be shown.');
        } elseif ($this->moderation->appeal($comment, $reason)) {
            $this->addFlash('notice', 'Your appeal was sent to the moderators.');
        } else {
            $this->addFlash('problem', 'There is nothing to appeal against any more.');
        }

        return $this->redirectToRoute('thread', ['id' => $comment->threadId, '_fragment' => 'comment-' . $id]);
    }

    private function own(int $id): Comment
    {
        $this->denyAccessUnlessGranted('ROLE_MEMBER');
        $comment = $this->comments->find($id);
        if ($comment === null || ($comment->authorId !== $this->user()->id && !$this->isGranted('ROLE_MODERATOR'))) {
            throw $this->createNotFoundException();
        }

        return $comment;
    }

    private function user(): User
    {
        $user = $this->getUser();
        \assert($user instanceof User);

        return $user;
    }

    private function guard(Request $request, string $intention): void
    {
        if (!$this->isCsrfTokenValid($intention, (string) $request->request->get('_token'))) {
            throw new BadRequestHttpException('The form is too old. Go back, reload the page and try again.');
        }
    }

    private static function problem(string $body): ?string
    {
        return match (true) {
            $body === '' => 'Write something first.',
            !mb_check_encoding($body, 'UTF-8') => 'This is not text.',
            mb_strlen($body) > self::LONGEST => sprintf('At most %s characters, please.', number_format(self::LONGEST)),
            default => null,
        };
    }
}
