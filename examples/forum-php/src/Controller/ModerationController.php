<?php

declare(strict_types=1);

namespace App\Controller;

use App\Database\Comments;
use App\Entity\User;
use App\Moderation\Desk;
use App\Moderation\Moderation;
use App\Moderation\Progress;
use Symfony\Bundle\FrameworkBundle\Controller\AbstractController;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\HttpKernel\Exception\BadRequestHttpException;
use Symfony\Component\Routing\Attribute\Route;
use Understudy\Client\Exception\UnderstudyException;

/** For moderators only: see access_control. */
#[Route('/moderation')]
final class ModerationController extends AbstractController
{
    public function __construct(private readonly Comments $comments, private readonly Moderation $moderation)
    {
    }

    #[Route('', name: 'moderation', methods: ['GET'])]
    public function queue(): Response
    {
        return $this->render('moderation/queue.html.twig', ['comments' => $this->comments->waiting(), 'counts' => $this->comments->counts()]);
    }

    #[Route('/desk', name: 'moderation_desk', methods: ['GET', 'POST'])]
    public function desk(Request $request, Desk $desk): Response
    {
        $session = $request->getSession();
        $item = $session->get('desk');
        $problem = null;
        try {
            if ($request->isMethod('POST')) {
                $this->guard($request, 'desk');
                $label = (string) $request->request->get('label');
                if (\is_array($item) && $item['item'] === $request->request->get('item')) {
                    $session->remove('desk');
                    if ($label === 'skip') {
                        $desk->leave($item['item'], $item['token']);
                    } elseif (!$desk->answer($item['item'], $item['token'], $this->label($label), $this->moderator())) {
                        $this->addFlash('problem', 'Somebody else was faster with that one.');
                    }
                }

                return $this->redirectToRoute('moderation_desk');
            }
            if (!\is_array($item) || $item['until'] < time()) {
                $claim = $desk->take()[0] ?? null;
                $item = $claim === null ? null : ['item' => $claim->item, 'token' => $claim->claimToken, 'text' => Desk::text($claim), 'until' => $claim->expiresAt->getTimestamp() - 5];
                $session->set('desk', $item);
            }
        } catch (UnderstudyException $away) {
            $problem = $away->problem->detail;
        }

        return $this->render('moderation/desk.html.twig', ['item' => $problem === null ? $item : null, 'problem' => $problem, 'counts' => $this->comments->counts()]);
    }

    #[Route('/decided', name: 'moderation_decided', methods: ['GET'])]
    public function decided(): Response
    {
        return $this->render('moderation/decided.html.twig', ['comments' => $this->comments->decidedByUnderstudy(), 'counts' => $this->comments->counts()]);
    }

    #[Route('/progress', name: 'moderation_progress', methods: ['GET'])]
    public function progress(Progress $progress): Response
    {
        return $this->render('moderation/progress.html.twig', [
            'tasks' => $progress->tasks(),
            'counts' => $this->comments->counts(),
            'week' => $this->comments->counts(new \DateTimeImmutable('-7 days')),
        ]);
    }

    #[Route('/{id}', name: 'verdict', requirements: ['id' => '\d{1,9}'], methods: ['POST'])]
    public function verdict(int $id, Request $request): Response
    {
        $this->guard($request, 'verdict');
        $comment = $this->comments->find($id) ?? throw $this->createNotFoundException();
        $label = $this->label((string) $request->request->get('label'));
        $appealed = $comment->hasOpenAppeal();
        $this->moderation->decide($comment, $label, $this->moderator());
        $this->addFlash('notice', sprintf('%s of %s is %s.', $appealed ? 'The appeal' : 'The comment', $comment->author, match (true) {
            $appealed && $label === 'ok' => 'granted: the comment is shown',
            $appealed => 'denied',
            $label === 'ok' => 'shown',
            default => 'hidden as ' . $label,
        }));

        return $this->redirectToRoute($request->request->get('back') === 'decided' ? 'moderation_decided' : 'moderation');
    }

    private function moderator(): User
    {
        $moderator = $this->getUser();
        \assert($moderator instanceof User);

        return $moderator;
    }

    private function label(string $label): string
    {
        return \in_array($label, Moderation::LABELS, true) ? $label : throw new BadRequestHttpException('There is no such label.');
    }

    private function guard(Request $request, string $intention): void
    {
        if (!$this->isCsrfTokenValid($intention, (string) $request->request->get('_token'))) {
            throw new BadRequestHttpException('The form is too old. Go back, reload the page and try again.');
        }
    }
}
