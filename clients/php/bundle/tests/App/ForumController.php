<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests\App;

use Symfony\Component\Form\Extension\Core\Type\FormType;
use Symfony\Component\Form\Extension\Core\Type\TextareaType;
use Symfony\Component\Form\FormFactoryInterface;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\Messenger\MessageBusInterface;
use Symfony\Component\Validator\Validator\ValidatorInterface;
use Twig\Environment;
use Understudy\Client\Decision;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Understudy;
use Understudy\SymfonyBundle\Messenger\DecideMessage;

/** An action for each way into the bundle that a request can take. */
final class ForumController
{
    public function __construct(
        private readonly Understudy $understudy,
        private readonly Understudy $throwing,
        private readonly Environment $twig,
        private readonly ?ValidatorInterface $validator = null,
        private readonly ?FormFactoryInterface $forms = null,
        private readonly ?MessageBusInterface $bus = null,
        private readonly ?Database $database = null,
    ) {
    }

    public function idle(): Response
    {
        return new JsonResponse(['idle' => true]);
    }

    public function predict(): Response
    {
        return self::told($this->understudy->predict('comment-moderation', 'a text of a user'));
    }

    public function later(): Response
    {
        $pending = $this->understudy->predictLater('comment-moderation', 'a text of a user');

        return self::told($pending->get());
    }

    public function many(): Response
    {
        $decisions = [];
        foreach ($this->understudy->predictMany('comment-moderation', ['a' => 'a text of a user', 'b' => 'another text']) as $key => $decision) {
            $decisions[$key] = $decision->outcome;
        }

        return new JsonResponse($decisions);
    }

    /** What an application does that wants to know. */
    public function throwing(): Response
    {
        try {
            return self::told($this->throwing->predict('comment-moderation', 'a text of a user'));
        } catch (UnderstudyException $failure) {
            return new JsonResponse(['code' => $failure->errorCode(), 'class' => $failure::class]);
        }
    }

    /** What an application does that forgot to. */
    public function uncaught(): Response
    {
        return self::told($this->throwing->predict('comment-moderation', 'a text of a user'));
    }

    public function twig(): Response
    {
        return new Response($this->twig->render('twig.html.twig', ['text' => 'a text of a user']));
    }

    /** Another resource than predictions: these throw, whatever the fallback is. */
    public function resource(): Response
    {
        try {
            return new JsonResponse(['task' => $this->understudy->tasks()->get('comment-moderation')->task]);
        } catch (UnderstudyException $failure) {
            return new JsonResponse(['code' => $failure->errorCode(), 'class' => $failure::class]);
        }
    }

    public function validate(): Response
    {
        \assert($this->validator !== null);
        $comment = new Comment();
        $comment->body = 'a text of a user';

        return new JsonResponse(['violations' => \count($this->validator->validate($comment))]);
    }

    public function form(Request $request): Response
    {
        \assert($this->forms !== null);
        $form = $this->forms->createNamedBuilder('comment', FormType::class)
            ->add('body', TextareaType::class, ['understudy_task' => 'comment-moderation', 'understudy_refuse' => ['spam'], 'understudy_message' => 'Not here.'])
            ->getForm();
        $form->submit(['body' => 'a text of a user']);
        $errors = [];
        foreach ($form->getErrors(true) as $error) {
            $errors[] = $error->getMessage();
        }

        return new JsonResponse(['valid' => $form->isValid(), 'errors' => $errors]);
    }

    public function dispatch(): Response
    {
        \assert($this->bus !== null);
        $this->bus->dispatch(new DecideMessage('comment-moderation', 'a text of a user', 'c-1', context: ['page' => 7]));

        return new JsonResponse(['dispatched' => true]);
    }

    public function save(): Response
    {
        \assert($this->database !== null);

        return new JsonResponse(['saved' => $this->database->save('a text of a user')]);
    }

    private static function told(Decision $decision): Response
    {
        return new JsonResponse(['outcome' => $decision->outcome, 'label' => $decision->label, 'fallback' => $decision->isFallback(), 'cause' => $decision->cause?->errorCode()]);
    }
}
